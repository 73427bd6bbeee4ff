package org.segvol.pseudo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.segvol.testing.TensorAssert;
import org.segvol.weights.Extent;

/** The averaging resize against sums over every output's box. */
class AreaResizeTest {
    /** Both round a double mean once; the order of additions differs. */
    private static final double ROUNDING = 2e-7;

    private static float[] plain(float[] in, Extent from, Extent to) {
        float[] out = new float[to.count()];
        for (int i = 0; i < out.length; i++) {
            int[] o = {i / to.w() / to.h(), i / to.w() % to.h(), i % to.w()};
            int[] first = new int[3], end = new int[3];
            for (int axis = 0; axis < 3; axis++) {
                double scale = (double) from.side(axis) / to.side(axis);
                first[axis] = (int) Math.floor(o[axis] * scale + 1e-9);
                end[axis] = (int) Math.ceil((o[axis] + 1) * scale - 1e-9);
            }
            double sum = 0;
            int count = 0;
            for (int d = first[0]; d < end[0]; d++) {
                for (int h = first[1]; h < end[1]; h++) {
                    for (int w = first[2]; w < end[2]; w++) {
                        sum += in[(d * from.h() + h) * from.w() + w];
                        count++;
                    }
                }
            }
            out[i] = (float) (sum / count);
        }
        return out;
    }

    @Test
    void equalsThePlainTwin() {
        long seed = 20261124;
        Random random = new Random(seed);
        for (int trial = 0; trial < 100; trial++) {
            Extent from = size(random), to = size(random);
            float[] in = new float[from.count()];
            for (int i = 0; i < in.length; i++) {
                in[i] = random.nextFloat();
            }
            long[] shape = {to.d(), to.h(), to.w()};
            String what = "seed " + seed + ", trial " + trial + ", " + from + " to " + to;
            TensorAssert.assertClose(what, plain(in, from, to), AreaResize.resize(in, from, to), shape, ROUNDING);
        }
    }

    private static Extent size(Random random) {
        return new Extent(1 + random.nextInt(15), 1 + random.nextInt(15), 1 + random.nextInt(15));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> AreaResize.resize(new float[5], new Extent(1, 2, 3), new Extent(1, 1, 1)))
                .hasMessageContaining("1x2x3 has 6 values, found 5");
    }
}
