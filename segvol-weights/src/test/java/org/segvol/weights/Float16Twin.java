package org.segvol.weights;

/** Rounds to float16 by arithmetic, without bit tricks: the plain twin of {@link HalfPrecision}. */
final class Float16Twin {
    private static final double LARGEST = 65504;

    private Float16Twin() {}

    static float round(float value) {
        return RoundingTwin.round(value, 11, -14, LARGEST);
    }
}
