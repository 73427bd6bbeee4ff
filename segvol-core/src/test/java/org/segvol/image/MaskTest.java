package org.segvol.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MaskTest {
    /** Against a plain array of booleans, on odd sizes, with the seed in every message. */
    @Test
    void agreesWithAPlainArray() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            GridSize size = new GridSize(1 + random.nextInt(70), 1 + random.nextInt(9), 1 + random.nextInt(9));
            boolean[] plain = new boolean[size.count()];
            Mask.Builder builder = Mask.builder(size);
            for (int n = random.nextInt(8); n > 0; n--) {
                int from = random.nextInt(size.count());
                int to = from + random.nextInt(Math.min(size.count() - from, 200) + 1);
                builder.setRange(from, to);
                for (int m = from; m < to; m++) {
                    plain[m] = true;
                }
                int single = random.nextInt(size.count());
                builder.set(single);
                plain[single] = true;
            }
            Mask mask = builder.build();
            compare(mask, plain, seed);
            compareInBox(mask, plain, random, seed);
        }
    }

    private static void compareInBox(Mask mask, boolean[] plain, Random random, int seed) {
        GridSize size = mask.size();
        int[] low = new int[3], high = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            low[axis] = random.nextInt(size.side(axis));
            high[axis] = low[axis] + random.nextInt(size.side(axis) - low[axis]);
        }
        VoxelBox box = VoxelBox.of(low[0], low[1], low[2], high[0], high[1], high[2]);
        long count = 0;
        for (int k = low[2]; k <= high[2]; k++) {
            for (int j = low[1]; j <= high[1]; j++) {
                for (int i = low[0]; i <= high[0]; i++) {
                    count += plain[size.index(i, j, k)] ? 1 : 0;
                }
            }
        }
        assertThat(mask.countIn(box))
                .as("seed %d box %s of %s", seed, box, size)
                .isEqualTo(count);
    }

    private static void compare(Mask mask, boolean[] plain, int seed) {
        GridSize size = mask.size();
        long count = 0;
        double[] sum = new double[3];
        int[] low = {size.ni(), size.nj(), size.nk()};
        int[] high = {-1, -1, -1};
        for (int k = 0; k < size.nk(); k++) {
            for (int j = 0; j < size.nj(); j++) {
                for (int i = 0; i < size.ni(); i++) {
                    int index = size.index(i, j, k);
                    assertThat(mask.get(i, j, k))
                            .as("seed %d voxel %d", seed, index)
                            .isEqualTo(plain[index]);
                    assertThat(mask.nextSet(index) == index)
                            .as("seed %d voxel %d", seed, index)
                            .isEqualTo(plain[index]);
                    int end = Math.min(size.count(), index + 70), next = index;
                    while (next < end && !plain[next]) {
                        next++;
                    }
                    assertThat(mask.nextSet(index, end))
                            .as("seed %d voxel %d to %d", seed, index, end)
                            .isEqualTo(next < end ? next : -1);
                    assertThat(mask.nextClear(index) != index)
                            .as("seed %d voxel %d", seed, index)
                            .isEqualTo(plain[index]);
                    if (plain[index]) {
                        count++;
                        int[] p = {i, j, k};
                        for (int axis = 0; axis < 3; axis++) {
                            sum[axis] += p[axis];
                            low[axis] = Math.min(low[axis], p[axis]);
                            high[axis] = Math.max(high[axis], p[axis]);
                        }
                    }
                }
            }
        }
        assertThat(mask.count()).as("seed %d", seed).isEqualTo(count);
        assertThat(mask.isEmpty()).as("seed %d", seed).isEqualTo(count == 0);
        if (count == 0) {
            assertThat(mask.bounds()).isNull();
            assertThat(mask.centroid()).isNull();
            assertThat(mask.touchesBorder()).isFalse();
            return;
        }
        assertThat(mask.bounds())
                .as("seed %d", seed)
                .isEqualTo(VoxelBox.of(low[0], low[1], low[2], high[0], high[1], high[2]));
        boolean border = false;
        for (int axis = 0; axis < 3; axis++) {
            assertThat(mask.centroid()[axis]).as("seed %d", seed).isCloseTo(sum[axis] / count, within(1e-9));
            border |= low[axis] == 0 || high[axis] == size.side(axis) - 1;
        }
        assertThat(mask.touchesBorder()).as("seed %d", seed).isEqualTo(border);
    }

    @Test
    void measuresInMillimetres() {
        GridSize size = new GridSize(10, 10, 10);
        Mask mask = Mask.builder(size).setRow(2, 5, 3, 4).build();
        Affine affine = Affine.ofRows(0, -2, 0, 100, 3, 0, 0, 50, 0, 0, -4, 10);
        assertThat(mask.volumeMillilitres(affine)).isCloseTo(3 * 24 / 1000.0, within(1e-12));
        assertThat(mask.centroid(affine)).isEqualTo(new WorldPoint(94, 59, -6));
        assertThat(mask.touchesBorder()).isFalse();
    }

    @Test
    void voxelsOutsideTheGridAreRefused() {
        GridSize size = new GridSize(5, 4, 3);
        Mask.Builder builder = Mask.builder(size);
        Mask mask = Mask.builder(size).set(4, 3, 2).build();
        assertThat(mask.get(4, 3, 2)).isTrue();
        Volume volume = new Volume(
                size, Voxels.of(new short[size.count()], VoxelType.INT16, 1, 0), Affine.scaling(1, 1, 1), Forms.NONE);
        int[][] outside = {{5, 0, 0}, {0, 4, 0}, {0, 0, 3}, {-1, 1, 1}, {1, -1, 1}, {1, 1, -1}};
        for (int[] at : outside) {
            String sentence = "the voxel " + at[0] + "," + at[1] + "," + at[2]
                    + " lies outside the grid of 5x4x3; indices are counted from 0";
            List<ThrowingCallable> uses = List.of(
                    () -> builder.set(at[0], at[1], at[2]),
                    () -> mask.get(at[0], at[1], at[2]),
                    () -> volume.at(at[0], at[1], at[2]));
            for (ThrowingCallable use : uses) {
                assertThatThrownBy(use)
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessage(sentence);
            }
        }
        assertThatThrownBy(() -> builder.setRow(0, 5, 4, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(builder.build().isEmpty()).isTrue();
    }

    @Test
    void positionsThatAreNotFiniteHaveNoVoxel() {
        Affine affine = Affine.scaling(1, 2, 3);
        assertThat(affine.toVoxel(new WorldPoint(1, 2, 9))).isEqualTo(new VoxelPoint(1, 1, 3));
        for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> affine.toVoxel(new WorldPoint(1, wrong, 9)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a position needs three finite numbers in mm, found 1.0," + wrong + ",9.0");
        }
    }

    @Test
    void wrongUseIsRefused() {
        Mask.Builder builder = Mask.builder(new GridSize(4, 4, 4));
        assertThatThrownBy(() -> builder.set(64)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> builder.setRow(2, 5, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        builder.build();
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this builder has already built its mask");
    }
}
