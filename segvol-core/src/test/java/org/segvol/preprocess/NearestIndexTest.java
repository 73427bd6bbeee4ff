package org.segvol.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** Resizing by index against exact decimal arithmetic that is rounded where float32 rounds. */
class NearestIndexTest {
    @Test
    void equalsTheTwinForManySizes() {
        for (int in = 1; in < 700; in += in < 40 ? 1 : 13) {
            for (int out : new int[] {1, 2, 3, 7, 12, 31, 32, 33, 97, 256, 257, 511, 600}) {
                int[] exact = NearestIndex.exact(in, out), legacy = NearestIndex.legacy(in, out);
                float scale = (float) in / (float) out;
                BigDecimal factor = new BigDecimal(scale);
                for (int o = 0; o < out; o++) {
                    float fused = factor.multiply(new BigDecimal(o + 0.5))
                            .subtract(new BigDecimal(0.5))
                            .floatValue(); // one rounding
                    int expected = Math.min((int) Math.floor(Math.max(fused, 0f) + 0.5f), in - 1);
                    assertThat(exact[o]).as("exact %d to %d at %d", in, out, o).isEqualTo(expected);
                    float product = factor.multiply(new BigDecimal(o)).floatValue();
                    assertThat(legacy[o])
                            .as("legacy %d to %d at %d", in, out, o)
                            .isEqualTo(Math.min((int) Math.floor(product), in - 1));
                }
            }
        }
    }

    @Test
    void keepsEveryIndexAtTheSameSize() {
        for (int n = 1; n < 600; n++) {
            int[] exact = NearestIndex.exact(n, n), legacy = NearestIndex.legacy(n, n);
            for (int i = 0; i < n; i++) {
                assertThat(exact[i]).isEqualTo(i);
                assertThat(legacy[i]).isEqualTo(i);
            }
        }
    }
}
