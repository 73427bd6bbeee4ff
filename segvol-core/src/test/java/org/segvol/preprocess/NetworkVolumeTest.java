package org.segvol.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;
import org.segvol.image.Voxels;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/** The view on stored voxels against arrays that are really permuted, flipped, padded and cropped, in all 48 orientations. */
class NetworkVolumeTest {
    private static final Extent WINDOW = new Extent(12, 32, 16);
    private static final int[][] PERMUTATIONS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    private static final long SEED = System.nanoTime();

    static {
        System.out.println("network volumes: seed " + SEED);
    }

    /** Right, anterior, superior for each stored axis, and which of these are reversed, as bits. */
    record Placement(int[] world, int flips) {
        Affine affine() {
            double[] rows = new double[12];
            for (int stored = 0; stored < 3; stored++) {
                boolean flip = (flips >> world[stored] & 1) != 0;
                rows[world[stored] * 4 + stored] = (flip ? -1 : 1) * (1 + 0.25 * stored);
            }
            return Affine.ofRows(rows);
        }

        @Override
        public String toString() {
            return Arrays.toString(world) + " flips "
                    + Integer.toBinaryString(flips | 8).substring(1);
        }
    }

    static List<Placement> placements() {
        List<Placement> all = new ArrayList<>();
        for (int[] world : PERMUTATIONS) {
            for (int flips = 0; flips < 8; flips++) {
                all.add(new Placement(world, flips));
            }
        }
        return all;
    }

    private static ModelConfig config() {
        ModelConfig c = ModelConfig.RELEASED;
        return new ModelConfig(
                "test",
                WINDOW,
                new Extent(4, 16, 16),
                48,
                96,
                2,
                4,
                2,
                8,
                64,
                4,
                32,
                3,
                16,
                100,
                32,
                64,
                2,
                4,
                c.textPositions());
    }

    @ParameterizedTest
    @MethodSource("placements")
    void equalsTheTwin(Placement placement) {
        Random random = new Random(SEED + placement.toString().hashCode());
        GridSize size = new GridSize(9 + random.nextInt(15), 9 + random.nextInt(15), 9 + random.nextInt(15));
        Volume volume = RandomVolumes.body(random, size, placement.affine());
        for (Variant variant : List.of(Variant.RAS, Variant.GITHUB, Variant.HF, Variant.SEGFM)) {
            NetworkVolume prepared = Preprocessor.prepare(volume, config(), variant);
            Twin twin = Twin.of(volume, prepared.statistics(), variant, variant.reorient() ? placement : null);
            assertThat(prepared.extent()).isEqualTo(twin.extent());
            assertThat(prepared.geometry().cropStart()).containsExactly(twin.start);
            assertThat(prepared.geometry().cropEnd()).containsExactly(twin.end);
            checkVoxels(prepared, twin, random);
            checkWays(prepared.geometry(), size);
        }
    }

    private static void checkVoxels(NetworkVolume prepared, Twin twin, Random random) {
        Extent extent = prepared.extent();
        float[] all = new float[extent.count()];
        prepared.copy(0, 0, 0, extent, all);
        assertThat(all).containsExactly(twin.image);
        for (int n = 0; n < 20; n++) {
            int d0 = random.nextInt(extent.d()), h0 = random.nextInt(extent.h()), w0 = random.nextInt(extent.w());
            Extent part = new Extent(
                    1 + random.nextInt(extent.d() - d0),
                    1 + random.nextInt(extent.h() - h0),
                    1 + random.nextInt(extent.w() - w0));
            float[] copy = new float[part.count()];
            prepared.copy(d0, h0, w0, part, copy);
            int at = 0;
            for (int d = d0; d < d0 + part.d(); d++) {
                for (int h = h0; h < h0 + part.h(); h++) {
                    for (int w = w0; w < w0 + part.w(); w++) {
                        assertThat(copy[at++]).isEqualTo(prepared.at(d, h, w)).isEqualTo(twin.at(d, h, w));
                    }
                }
            }
        }
        int[] ds = prepared.zoomIndex(0, WINDOW),
                hs = prepared.zoomIndex(1, WINDOW),
                ws = prepared.zoomIndex(2, WINDOW);
        float[] view = new float[WINDOW.count()];
        int at = 0;
        for (int d : ds) {
            for (int h : hs) {
                for (int w : ws) {
                    view[at++] = twin.at(d, h, w);
                }
            }
        }
        assertThat(prepared.zoomOut(WINDOW)).containsExactly(view);
    }

    /** There and back, for every stored voxel. */
    private static void checkWays(NetworkGeometry geometry, GridSize size) {
        Extent extent = geometry.extent();
        VoxelBox kept = geometry.keptBox();
        int inside = 0;
        for (int index = 0; index < size.count(); index++) {
            VoxelPoint p = size.point(index);
            int[] at = geometry.toNetwork(p);
            assertThat(geometry.toStored(at[0], at[1], at[2])).isEqualTo(p);
            boolean in = true, inBox = true;
            for (int axis = 0; axis < 3; axis++) {
                in &= at[axis] >= 0 && at[axis] < extent.side(axis);
                inBox &= p.get(axis) >= kept.min().get(axis)
                        && p.get(axis) <= kept.max().get(axis);
            }
            assertThat(geometry.keeps(p)).isEqualTo(in).isEqualTo(inBox);
            if (in) {
                assertThat(geometry.storedIndex(at[0], at[1], at[2])).isEqualTo(index);
                inside++;
            }
        }
        assertThat(inside).isEqualTo(extent.count());
    }

    @Test
    void refusesToCopyBeyondTheCrop() {
        Volume volume = RandomVolumes.body(new Random(1), new GridSize(20, 21, 22), Affine.scaling(1, 1, 1));
        NetworkVolume prepared = Preprocessor.prepare(volume, config(), Variant.GITHUB);
        Extent extent = prepared.extent();
        float[] target = new float[extent.count()];
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> prepared.copy(1, 0, 0, extent, target));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> prepared.copy(0, 0, -1, new Extent(1, 1, 1), target));
    }

    @Test
    void refusesAMask() {
        float[] values = new float[1000];
        Arrays.fill(values, 300, 500, 1);
        Volume volume =
                new Volume(new GridSize(10, 10, 10), Voxels.of(values, 1, 0), Affine.scaling(1, 1, 1), Forms.NONE);
        assertThatExceptionOfType(UnusableVolumeException.class)
                .isThrownBy(() -> Preprocessor.prepare(volume, config(), Variant.GITHUB))
                .withMessageContaining("this is a mask and not an image");
    }

    /** Spec 3.3 step by step, with a full array after every step. */
    private record Twin(float[] image, int[] start, int[] end) {
        Extent extent() {
            return new Extent(end[0] - start[0], end[1] - start[1], end[2] - start[2]);
        }

        float at(int d, int h, int w) {
            Extent e = extent();
            return image[(d * e.h() + h) * e.w() + w];
        }

        static Twin of(Volume volume, ForegroundStatistics s, Variant variant, Placement placement) {
            GridSize size = volume.size();
            int[] perm = {0, 1, 2};
            int flips = 0;
            if (placement != null) {
                for (int stored = 0; stored < 3; stored++) {
                    perm[placement.world()[stored]] = stored;
                }
                flips = placement.flips();
            }
            int[] n = new int[3], before = new int[3], padded = new int[3]; // (d,h,w)
            for (int axis = 0; axis < 3; axis++) {
                n[axis] = size.side(perm[2 - axis]);
                int missing = variant.pad() ? Math.max(WINDOW.side(axis) - n[axis], 0) : 0;
                before[axis] = missing / 2;
                padded[axis] = n[axis] + missing;
            }
            float[] all = normalised(volume, s);
            float[] array = new float[padded[0] * padded[1] * padded[2]];
            int[] start = padded.clone(), end = new int[3], at = new int[3], stored = new int[3];
            for (at[0] = 0; at[0] < n[0]; at[0]++) {
                for (at[1] = 0; at[1] < n[1]; at[1]++) {
                    for (at[2] = 0; at[2] < n[2]; at[2]++) {
                        for (int axis = 0; axis < 3; axis++) {
                            boolean flip = (flips >> axis & 1) != 0;
                            stored[perm[axis]] = flip ? n[2 - axis] - 1 - at[2 - axis] : at[2 - axis];
                        }
                        float v = all[size.index(stored[0], stored[1], stored[2])];
                        array[index(padded, at[0] + before[0], at[1] + before[1], at[2] + before[2])] = v;
                        for (int axis = 0; axis < 3 && v > 0; axis++) {
                            start[axis] = Math.min(start[axis], at[axis] + before[axis]);
                            end[axis] = Math.max(end[axis], at[axis] + before[axis] + 1);
                        }
                    }
                }
            }
            float[] image = new float[(end[0] - start[0]) * (end[1] - start[1]) * (end[2] - start[2])];
            int to = 0;
            for (int d = start[0]; d < end[0]; d++) {
                for (int h = start[1]; h < end[1]; h++) {
                    for (int w = start[2]; w < end[2]; w++) {
                        image[to++] = array[index(padded, d, h, w)];
                    }
                }
            }
            return new Twin(image, start, end);
        }

        private static int index(int[] shape, int d, int h, int w) {
            return (d * shape[1] + h) * shape[2] + w;
        }

        private static float[] normalised(Volume volume, ForegroundStatistics s) {
            float[] a = RandomVolumes.floats(volume.voxels());
            float min = Float.POSITIVE_INFINITY, max = 0;
            for (int i = 0; i < a.length; i++) {
                float clipped = Math.min(Math.max(a[i], (float) s.lower()), (float) s.upper());
                a[i] = (clipped - s.mean()) / (float) Math.max(s.std(), 1e-8);
                min = Math.min(min, a[i]);
            }
            for (int i = 0; i < a.length; i++) {
                a[i] -= min;
                max = Math.max(max, a[i]);
            }
            for (int i = 0; i < a.length; i++) {
                a[i] /= (float) Math.max(max, 1e-8);
            }
            return a;
        }
    }
}
