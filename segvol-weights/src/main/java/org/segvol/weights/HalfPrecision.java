package org.segvol.weights;

/**
 * Conversions between float32 and the two 16-bit float types. Widening is exact; narrowing rounds to nearest, ties to even,
 * overflows to infinity and keeps NaN and the sign of zero.
 */
public final class HalfPrecision {
    private static final int FLOAT_INFINITY = 0x7f80_0000;
    /** 65520, halfway between the largest float16 and the next power of two: rounds to infinity. */
    private static final int FLOAT16_OVERFLOW = 0x477f_f000;
    /** 2^-14, the smallest normal float16. */
    private static final int FLOAT16_NORMAL = 0x3880_0000;

    private HalfPrecision() {}

    /** The value of float16 bits. */
    public static float float16ToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1f;
        int mantissa = half & 0x3ff;
        if (exponent == 0) {
            float magnitude = mantissa * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        if (exponent == 0x1f) {
            return Float.intBitsToFloat(sign | FLOAT_INFINITY | mantissa << 13);
        }
        return Float.intBitsToFloat(sign | (exponent + 112) << 23 | mantissa << 13);
    }

    /** The float16 bits nearest to a value. */
    public static short floatToFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int magnitude = bits & 0x7fff_ffff;
        int half;
        if (magnitude > FLOAT_INFINITY) {
            half = 0x7e00 | (magnitude >>> 13 & 0x1ff);
        } else if (magnitude >= FLOAT16_OVERFLOW) {
            half = 0x7c00;
        } else if (magnitude < FLOAT16_NORMAL) {
            // the spacing of floats just above 0.5 is that of float16 subnormals, so the addition does the rounding
            half = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f) - Float.floatToRawIntBits(0.5f);
        } else {
            half = (magnitude - (112 << 23) + 0xfff + (magnitude >>> 13 & 1)) >>> 13;
        }
        return (short) (sign | half);
    }

    /** The value of bfloat16 bits. */
    public static float bfloat16ToFloat(short half) {
        return Float.intBitsToFloat(half << 16);
    }

    /** The bfloat16 bits nearest to a value. */
    public static short floatToBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & 0x7fff_ffff) > FLOAT_INFINITY) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
}
