package org.segvol.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;

/** Statistics in passes and by counting, against a plain twin that sorts a copy. */
class ForegroundStatisticsTest {
    /** Both sides sum in double and round to float once, so means may differ by one unit in the last place. */
    private static final double RELATIVE = 2e-7;

    /** Sizes around one and several chunks of the passes, odd ones among them. */
    private static final int[] SIZES = {2, 3, 1021, 65535, 65536, 65537, 200_003};

    private static final double[][] SCALES = {{1, 0}, {0.37, -1024.5}, {-2.5, 12}};

    @ParameterizedTest
    @EnumSource
    void equalsTheSortingTwin(VoxelType type) {
        long seed = System.nanoTime();
        System.out.println("statistics of " + type.label() + ": seed " + seed);
        Random random = new Random(seed);
        for (int size : SIZES) {
            for (double[] scale : SCALES) {
                Voxels voxels = RandomVolumes.ofType(random, type, size, scale[0], scale[1]);
                float[] values = RandomVolumes.floats(voxels);
                Volume volume = RandomVolumes.row(voxels);
                if (isWithoutForeground(values)) {
                    assertThatExceptionOfType(UnusableVolumeException.class)
                            .isThrownBy(() -> ForegroundStatistics.of(volume));
                } else {
                    compare(ForegroundStatistics.of(volume), values);
                }
            }
        }
    }

    /** Constant, or two neighbouring floats whose mean rounds to the upper one. */
    private static boolean isWithoutForeground(float[] values) {
        double sum = 0;
        for (float v : values) {
            sum += v;
        }
        float mean = (float) (sum / values.length);
        for (float v : values) {
            if (v > mean) {
                return false;
            }
        }
        return true;
    }

    /** Adding zero makes one of both zeros. */
    private static void compare(ForegroundStatistics actual, float[] values) {
        double sum = 0;
        for (float v : values) {
            sum += v;
        }
        double largest = 0;
        for (float v : values) {
            largest = Math.max(largest, Math.abs(v));
        }
        assertThat((double) actual.threshold())
                .as("threshold")
                .isCloseTo(sum / values.length, within(RELATIVE * largest));
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        assertThat(actual.minimum() + 0f).isEqualTo(sorted[0] + 0f);
        assertThat(actual.maximum() + 0f).isEqualTo(sorted[sorted.length - 1] + 0f);
        int first = 0;
        while (!(sorted[first] > actual.threshold())) {
            first++;
        }
        float[] foreground = Arrays.copyOfRange(sorted, first, sorted.length);
        assertThat(actual.count()).as("count").isEqualTo(foreground.length);
        assertThat(actual.lower() + 0.0).as("lower").isEqualTo(percentile(foreground, 0.05) + 0.0);
        assertThat(actual.upper() + 0.0).as("upper").isEqualTo(percentile(foreground, 99.95) + 0.0);
        double total = 0, squares = 0;
        for (float v : foreground) {
            total += v;
        }
        double mean = total / foreground.length;
        for (float v : foreground) {
            squares += (v - mean) * (v - mean);
        }
        double std = Math.sqrt(squares / foreground.length);
        assertThat((double) actual.mean()).as("mean").isCloseTo(mean, within(RELATIVE * largest));
        assertThat((double) actual.std()).as("std").isCloseTo(std, within(RELATIVE * largest));
    }

    /** Spec 3.4 word for word. */
    private static double percentile(float[] sorted, double percent) {
        double position = (sorted.length - 1) * (percent / 100.0);
        int low = (int) Math.floor(position), high = Math.min(low + 1, sorted.length - 1);
        float difference = sorted[high] - sorted[low];
        double t = position - low;
        return t >= 0.5 ? sorted[high] - difference * (1 - t) : sorted[low] + difference * t;
    }

    @Test
    void countingEqualsScanning() {
        long seed = System.nanoTime();
        System.out.println("counting against scanning: seed " + seed);
        Random random = new Random(seed);
        for (VoxelType type : new VoxelType[] {VoxelType.UINT8, VoxelType.INT8, VoxelType.UINT16, VoxelType.INT16}) {
            for (double[] scale : SCALES) {
                Voxels coded = RandomVolumes.ofType(random, type, 100_003, scale[0], scale[1]);
                Voxels same = Voxels.of(RandomVolumes.floats(coded), 1, 0);
                ForegroundStatistics a = ForegroundStatistics.of(RandomVolumes.row(coded));
                ForegroundStatistics b = ForegroundStatistics.of(RandomVolumes.row(same));
                assertThat(a.count()).isEqualTo(b.count());
                assertThat(a.lower()).isEqualTo(b.lower());
                assertThat(a.upper()).isEqualTo(b.upper());
                assertThat(a.minimum() + 0f).isEqualTo(b.minimum() + 0f);
                assertThat(a.maximum() + 0f).isEqualTo(b.maximum() + 0f);
            }
        }
    }

    @Test
    void bitsDoNotDependOnThreads() throws Exception {
        Random random = new Random(5);
        for (VoxelType type : new VoxelType[] {VoxelType.FLOAT32, VoxelType.INT16}) {
            Volume volume = RandomVolumes.row(RandomVolumes.ofType(random, type, 400_009, 0.1, 3));
            ForegroundStatistics one = inPool(1, volume);
            assertThat(inPool(3, volume)).isEqualTo(one);
            assertThat(inPool(8, volume)).isEqualTo(one);
        }
    }

    private static ForegroundStatistics inPool(int threads, Volume volume) throws Exception {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            return pool.submit(() -> ForegroundStatistics.of(volume)).get();
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void refusesAConstantVolume() {
        float[] floats = new float[30];
        Arrays.fill(floats, -7);
        for (Voxels voxels : new Voxels[] {Voxels.of(floats, 1, 0), Voxels.of(new short[30], VoxelType.INT16, 1, -7)}) {
            assertThatExceptionOfType(UnusableVolumeException.class)
                    .isThrownBy(() -> ForegroundStatistics.of(RandomVolumes.row(voxels)))
                    .withMessageContaining("constant (-7.0 everywhere)");
        }
    }

    @Test
    void refusesValuesThatAreAllButEqual() {
        // the mean of these two neighbours lies halfway between them and rounds to the upper one
        Volume volume = RandomVolumes.row(Voxels.of(new float[] {Math.nextDown(1f), 1}, 1, 0));
        assertThatExceptionOfType(UnusableVolumeException.class)
                .isThrownBy(() -> ForegroundStatistics.of(volume))
                .withMessageContaining("no voxel lies above the mean");
    }

    @Test
    void namesTheFirstVoxelThatIsNotFinite() {
        GridSize size = new GridSize(50, 60, 70);
        for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
            float[] values = new float[size.count()];
            for (int i = 0; i < values.length; i++) {
                values[i] = i % 97;
            }
            values[size.index(3, 40, 55)] = bad;
            values[size.index(4, 40, 55)] = Float.NaN;
            values[size.index(0, 0, 69)] = Float.POSITIVE_INFINITY;
            Volume volume = new Volume(size, Voxels.of(values, 1, 0), Affine.scaling(1, 1, 1), Forms.NONE);
            assertThatExceptionOfType(UnusableVolumeException.class)
                    .isThrownBy(() -> ForegroundStatistics.of(volume))
                    .withMessageContaining("voxel 3,40,55 is " + bad);
        }
    }

    @Test
    void namesAVoxelThatTheScaleMadeInfinite() {
        short[] values = new short[100];
        values[42] = 30_000;
        values[43] = -30_000;
        Volume volume = RandomVolumes.row(Voxels.of(values, VoxelType.INT16, 1e36, 0));
        assertThatExceptionOfType(UnusableVolumeException.class)
                .isThrownBy(() -> ForegroundStatistics.of(volume))
                .withMessageContaining("voxel 42,0,0 is Infinity");
    }

    @Test
    void quantilesOfOneAndTwoVoxels() {
        Volume two = RandomVolumes.row(Voxels.of(new float[] {1, 5, 1, 1}, 1, 0));
        ForegroundStatistics statistics = ForegroundStatistics.of(two);
        assertThat(statistics.count()).isEqualTo(1);
        assertThat(statistics.lower()).isEqualTo(5);
        assertThat(statistics.upper()).isEqualTo(5);
        assertThat(statistics.std()).isZero();
    }
}
