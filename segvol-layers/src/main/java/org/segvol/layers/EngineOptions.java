package org.segvol.layers;

/**
 * How an engine should run.
 *
 * @param precision of weights and activations
 * @param threads native threads, or 0 for as many as the machine has cores
 */
public record EngineOptions(Precision precision, int threads) {
    /** float32, all cores. */
    public static final EngineOptions DEFAULT = new EngineOptions(Precision.F32, 0);

    /** Number formats of weights and activations. */
    public enum Precision {
        /** IEEE float32 throughout. */
        F32,
        /** bfloat16 weights and activations where it pays, float32 sums and residuals. */
        BF16
    }

    /** Checks the thread count. */
    public EngineOptions {
        if (threads < 0) {
            throw new IllegalArgumentException("threads must not be negative, found " + threads);
        }
    }
}
