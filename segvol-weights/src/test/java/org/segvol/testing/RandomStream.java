package org.segvol.testing;

import java.nio.charset.StandardCharsets;

/** A stream of pseudo-random numbers named by a text, with random access (spec 9.1). */
public final class RandomStream {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long start;

    /** The stream of a text. */
    public RandomStream(String text) {
        this.start = fnv1a64(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The 64-bit FNV-1a hash of some bytes. */
    public static long fnv1a64(byte... bytes) {
        long hash = FNV_OFFSET;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /** The i-th number, in [-1, 1), exact in a double. */
    public double signedUnit(long i) {
        long z = start + (i + 1) * GOLDEN;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        z ^= z >>> 31;
        return (z >>> 40) * 0x1p-24 * 2.0 - 1.0;
    }

    /** The first numbers as a test image: (r + 1) / 2 rounded to float, in [0, 1). */
    public static float[] units(String text, int count) {
        RandomStream stream = new RandomStream(text);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) ((stream.signedUnit(i) + 1) / 2);
        }
        return values;
    }
}
