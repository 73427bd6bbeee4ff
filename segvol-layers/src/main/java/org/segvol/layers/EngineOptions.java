package org.segvol.layers;

import java.util.Objects;

/**
 * How an engine should run.
 *
 * @param precision of weights and activations
 * @param threads native threads, at most {@value #MOST_THREADS}, or 0 for as many as the machine has cores
 * @param packed whether an engine may keep weights a second time, arranged for speed. Without, float32 weights are used where they lie in
 *     their file: ready at once and half the memory, but some percent slower for each window; the oneDNN engine never packs float32 weights on a CPU without AVX-512
 */
public record EngineOptions(Precision precision, int threads, boolean packed) {
    /** The most threads that can be asked for: with some ten thousand oneDNN overflows the calling thread's stack, which ends the whole process. */
    public static final int MOST_THREADS = 1024;

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

    /** Checks that there is a precision, and the thread count. */
    public EngineOptions {
        Objects.requireNonNull(precision, "precision");
        requireThreads(threads);
    }

    /**
     * Checks a number of threads.
     *
     * @throws IllegalArgumentException when it is negative or above {@value #MOST_THREADS}
     */
    public static void requireThreads(int threads) {
        if (threads < 0 || threads > MOST_THREADS) {
            throw new IllegalArgumentException("threads are 0 (all cores) to " + MOST_THREADS + ", found " + threads);
        }
    }
}
