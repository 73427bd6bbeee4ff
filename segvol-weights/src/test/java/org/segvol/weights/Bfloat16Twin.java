package org.segvol.weights;

/** Rounds to bfloat16 by arithmetic, without bit tricks: the plain twin of {@link HalfPrecision}. */
final class Bfloat16Twin {
    private static final double LARGEST = 0x1.fep127;

    private Bfloat16Twin() {}

    static float round(float value) {
        return RoundingTwin.round(value, 8, -126, LARGEST);
    }
}
