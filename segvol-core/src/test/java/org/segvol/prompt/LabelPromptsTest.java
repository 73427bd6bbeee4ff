package org.segvol.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.segvol.weights.Extent;

/** Prompts from masks against lists of voxels that are really made. */
class LabelPromptsTest {
    private static final int ROUNDS = 300;

    @Test
    void boxesEqualTheTwin() {
        long seed = System.nanoTime();
        System.out.println("boxes of masks: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Extent size = size(random);
            byte[] mask = mask(random, size);
            List<int[]> voxels = voxels(mask, size, 1);
            NetworkBox box = LabelPrompts.box(mask, size), middle = LabelPrompts.middleBox(mask, size);
            if (voxels.isEmpty()) {
                assertThat(box).isEqualTo(NetworkBox.EMPTY);
                assertThat(middle).isEqualTo(NetworkBox.EMPTY);
                continue;
            }
            assertThat(box).isEqualTo(extent(voxels));
            int slice = voxels.get(voxels.size() / 2)[0];
            NetworkBox plane = extent(voxels.stream().filter(v -> v[0] == slice).toList());
            assertThat(middle)
                    .isEqualTo(new NetworkBox(box.d0(), plane.h0(), plane.w0(), box.d1(), plane.h1(), plane.w1()));
        }
    }

    @Test
    void theBoxOfASoftMaskHoldsAllItsPositiveValues() {
        Extent size = new Extent(3, 4, 5);
        float[] soft = new float[size.count()];
        assertThat(LabelPrompts.box(soft, size)).isEqualTo(NetworkBox.EMPTY);
        soft[0] = -1;
        soft[(1 * 4 + 2) * 5 + 3] = 0.01f;
        soft[(2 * 4 + 1) * 5 + 4] = 0.5f;
        assertThat(LabelPrompts.box(soft, size)).isEqualTo(new NetworkBox(1, 1, 3, 2, 2, 4));
    }

    @Test
    void clicksEqualTheTwin() {
        long seed = System.nanoTime();
        System.out.println("clicks from masks: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Extent size = size(random);
            float[] soft = new float[size.count()];
            for (int i = 0; i < soft.length; i++) {
                soft[i] = random.nextInt(4) == 0 ? random.nextInt(4) - 1 : random.nextFloat() * 1.2f - 0.1f;
            }
            boolean bounded = random.nextBoolean();
            int positive = random.nextInt(6), negative = random.nextInt(6), fixed = random.nextInt(3) == 0 ? -1 : 12;
            Clicks actual = LabelPrompts.clicks(
                    LabelPrompts.certain(soft, bounded), size, positive, negative, fixed, new SplitMixChooser(round));
            List<float[]> expected = clicks(soft, size, positive, negative, fixed, bounded, new SplitMixChooser(round));
            assertThat(actual.count()).isEqualTo(expected.size());
            for (int i = 0; i < actual.count(); i++) {
                assertThat(new float[] {
                            actual.coordinate(i, 0), actual.coordinate(i, 1), actual.coordinate(i, 2), actual.label(i)
                        })
                        .containsExactly(expected.get(i));
            }
        }
    }

    /** Spec 2.2 and 7.8 word for word. */
    private static List<float[]> clicks(
            float[] soft, Extent size, int extra, int negative, int fixed, boolean bounded, PointChooser chooser) {
        byte[] mask = new byte[soft.length];
        for (int i = 0; i < soft.length; i++) {
            boolean allowed = !bounded || (soft[i] >= 0 && soft[i] <= 1);
            mask[i] = (byte) (allowed && soft[i] > 0.9f ? 1 : allowed && soft[i] < 0.1f ? 0 : 2);
        }
        List<int[]> in = voxels(mask, size, 1), out = voxels(mask, size, 0);
        List<float[]> clicks = new ArrayList<>();
        int positive = in.isEmpty() ? 0 : extra;
        clicks.add(in.isEmpty() ? new float[] {-1, -1, -1, -1} : click(in.get(chooser.one(in.size())), 1));
        if (positive > 0) {
            for (int i : chooser.some(in.size(), positive)) {
                clicks.add(click(in.get(i), 1));
            }
        }
        if (negative > 0) {
            for (int i : chooser.some(out.size(), negative)) {
                clicks.add(click(out.get(i), 0));
            }
        }
        while (clicks.size() < 1 + (fixed < 0 ? positive + negative : fixed)) {
            clicks.add(new float[] {-1, -1, -1, -1});
        }
        return clicks;
    }

    private static float[] click(int[] voxel, int label) {
        return new float[] {voxel[0], voxel[1], voxel[2], label};
    }

    private static Extent size(Random random) {
        return new Extent(1 + random.nextInt(7), 1 + random.nextInt(9), 1 + random.nextInt(11));
    }

    /** Empty, sparse and dense masks. */
    private static byte[] mask(Random random, Extent size) {
        double share = random.nextInt(5) == 0 ? 0 : Math.pow(10, -3 * random.nextDouble());
        byte[] mask = new byte[size.count()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (random.nextDouble() < share ? 1 : 0);
        }
        return mask;
    }

    private static List<int[]> voxels(byte[] mask, Extent size, int value) {
        List<int[]> voxels = new ArrayList<>();
        int at = 0;
        for (int d = 0; d < size.d(); d++) {
            for (int h = 0; h < size.h(); h++) {
                for (int w = 0; w < size.w(); w++) {
                    if (mask[at++] == value) {
                        voxels.add(new int[] {d, h, w});
                    }
                }
            }
        }
        return voxels;
    }

    private static NetworkBox extent(List<int[]> voxels) {
        int[] lo = voxels.get(0).clone(), hi = lo.clone();
        for (int[] v : voxels) {
            for (int axis = 0; axis < 3; axis++) {
                lo[axis] = Math.min(lo[axis], v[axis]);
                hi[axis] = Math.max(hi[axis], v[axis]);
            }
        }
        return new NetworkBox(lo[0], lo[1], lo[2], hi[0], hi[1], hi[2]);
    }
}
