package org.segvol.layers;

/**
 * How an engine should run.
 *
 * @param precision of weights and activations
 * @param threads native threads, or 0 for as many as the machine has cores
 * @param packed whether an engine may keep weights a second time, arranged for speed. Without, float32 weights are used where they lie in
 *     their file: ready at once and half the memory, but some percent slower for each window; the oneDNN engine never packs float32 weights on a CPU without AVX-512
 */
public record EngineOptions(Precision precision, int threads, boolean packed) {
    /** float32, all cores, packed weights. */
    public static final EngineOptions DEFAULT = new EngineOptions(Precision.F32, 0);

    /** Number formats of weights and activations. */
    public enum Precision {
        /** IEEE float32 throughout. */
        F32,
        /** bfloat16 weights and activations where it pays, float32 sums and residuals. */
        BF16
    }

    /** With packed weights. */
    public EngineOptions(Precision precision, int threads) {
        this(precision, threads, true);
    }

    /** These options with weights packed, or used where they lie. */
    public EngineOptions withPacked(boolean value) {
        return new EngineOptions(precision, threads, value);
    }

    /** Checks the thread count. */
    public EngineOptions {
        if (threads < 0) {
            throw new IllegalArgumentException("threads must not be negative, found " + threads);
        }
    }
}
