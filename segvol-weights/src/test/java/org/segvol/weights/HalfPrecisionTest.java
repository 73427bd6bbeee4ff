package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bit tricks against plain arithmetic. */
class HalfPrecisionTest {
    @Test
    void everyFloat16WidensToItsValueAndBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = HalfPrecision.float16ToFloat((short) bits);
            int exponent = bits >>> 10 & 0x1f;
            int mantissa = bits & 0x3ff;
            if (exponent == 31 && mantissa != 0) {
                assertThat(value).isNaN();
                assertThat(HalfPrecision.float16ToFloat(HalfPrecision.floatToFloat16(value)))
                        .isNaN();
                continue;
            }
            double magnitude = exponent == 31
                    ? Double.POSITIVE_INFINITY
                    : exponent == 0 ? Math.scalb((double) mantissa, -24) : Math.scalb(1024.0 + mantissa, exponent - 25);
            assertThat(value).isEqualTo((float) Math.copySign(magnitude, bits >= 1 << 15 ? -1 : 1));
            assertThat(HalfPrecision.floatToFloat16(value)).isEqualTo((short) bits);
        }
    }

    @Test
    void everyBfloat16WidensToItsValueAndBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = HalfPrecision.bfloat16ToFloat((short) bits);
            assertThat(Float.floatToRawIntBits(value)).isEqualTo(bits << 16);
            if (!Float.isNaN(value)) {
                assertThat(HalfPrecision.floatToBfloat16(value)).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void narrowingAgreesWithThePlainTwins() {
        long seed = 7;
        Random random = new Random(seed);
        for (int i = 0; i < 2_000_000; i++) {
            check(random.nextInt(), seed);
        }
        // halfway points of both formats and their neighbours
        for (int half = 0; half < 1 << 16; half++) {
            float narrow = HalfPrecision.float16ToFloat((short) half);
            for (int step = -1; step <= 1; step++) {
                check(Float.floatToRawIntBits(narrow) + 0x1000 + step, seed);
                check((half << 16 | 0x8000) + step, seed);
            }
        }
        for (int unit = 0; unit < 1 << 11; unit++) {
            for (int step = -1; step <= 1; step++) {
                check(Float.floatToRawIntBits((unit + 0.5f) * 0x1p-24f) + step, seed);
            }
        }
    }

    private static void check(int bits, long seed) {
        float value = Float.intBitsToFloat(bits);
        float half = HalfPrecision.float16ToFloat(HalfPrecision.floatToFloat16(value));
        float brain = HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(value));
        if (Float.floatToIntBits(half) != Float.floatToIntBits(Float16Twin.round(value))
                || Float.floatToIntBits(brain) != Float.floatToIntBits(Bfloat16Twin.round(value))) {
            throw new AssertionError("seed " + seed + ": " + Integer.toHexString(bits) + " gives " + half + " and "
                    + brain + ", expected " + Float16Twin.round(value) + " and " + Bfloat16Twin.round(value));
        }
    }
}
