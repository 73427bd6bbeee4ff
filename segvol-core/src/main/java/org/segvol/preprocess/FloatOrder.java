package org.segvol.preprocess;

/** Floats as unsigned integers in the same order. */
final class FloatOrder {
    private FloatOrder() {}

    /** The integer of a number; both zeros have the same one. */
    static int key(float value) {
        int bits = Float.floatToRawIntBits(value + 0f); // -0 becomes 0
        return bits < 0 ? ~bits : bits | 0x80000000;
    }

    /** The number of an integer. */
    static float value(int key) {
        return Float.intBitsToFloat(key < 0 ? key & 0x7FFFFFFF : ~key);
    }
}
