package org.segvol.preprocess;

import java.util.List;
import java.util.stream.IntStream;
import org.segvol.image.CodedVoxels;
import org.segvol.image.Volume;
import org.segvol.image.Voxels;

/**
 * The statistics of foreground normalisation (spec 3.4): foreground is what lies above the mean of all voxels. Computed in passes over the
 * stored voxels, without a sorted or scaled copy, in fixed chunks whose results are combined in order, so that the number of threads does not
 * change a bit. Sums are double; the published programs' means are sums in float32, which can move them by a last bit.
 *
 * @param threshold mean of all voxels
 * @param lower 0.05 percentile of the foreground
 * @param upper 99.95 percentile of the foreground
 * @param mean of the foreground
 * @param std population standard deviation of the foreground
 * @param count voxels of the foreground
 * @param minimum smallest voxel of the volume
 * @param maximum largest voxel of the volume
 */
public record ForegroundStatistics(
        float threshold, double lower, double upper, float mean, float std, int count, float minimum, float maximum) {
    private static final double LOWER = 0.05 / 100;
    private static final double UPPER = 99.95 / 100;
    private static final int CHUNK = 1 << 16;

    /**
     * The statistics of a volume.
     *
     * @throws UnusableVolumeException when a voxel is not finite or no voxel lies above the mean
     */
    public static ForegroundStatistics of(Volume volume) {
        if (volume.voxels() instanceof CodedVoxels coded) {
            ValueCounts counts = ValueCounts.of(coded);
            if (counts.isFinite()) {
                return counted(counts);
            }
        }
        return scanned(volume);
    }

    private static ForegroundStatistics counted(ValueCounts all) {
        float threshold = (float) (all.sum() / all.count());
        ValueCounts foreground = all.above(threshold);
        int count = foreground.count();
        requireForeground(count, all.minimum(), all.maximum());
        double mean = foreground.sum() / count;
        return new ForegroundStatistics(
                threshold,
                Quantile.of(LOWER, count, foreground::at),
                Quantile.of(UPPER, count, foreground::at),
                (float) mean,
                (float) Math.sqrt(foreground.squares(mean) / count),
                count,
                all.minimum(),
                all.maximum());
    }

    private static ForegroundStatistics scanned(Volume volume) {
        Voxels voxels = volume.voxels();
        Sums all = chunks(voxels, ForegroundStatistics::sums).stream()
                .reduce(Sums::plus)
                .orElseThrow();
        if (all.notFinite >= 0) {
            int at = (int) all.notFinite;
            throw new UnusableVolumeException(
                    "voxel " + volume.size().point(at) + " is " + voxels.get(at)
                            + ", but every voxel must be a finite number; replace such voxels, for example by the value of air");
        }
        float threshold = (float) (all.sum / voxels.count());
        Foreground found = chunks(voxels, (v, n) -> foreground(v, n, threshold)).stream()
                .reduce(Foreground::plus)
                .orElseThrow();
        requireForeground(found.count, all.min, all.max);
        double mean = found.sum / found.count;
        double squares = chunks(voxels, (v, n) -> squares(v, n, threshold, mean)).stream()
                .reduce(0.0, Double::sum);
        OrderStatistics order = new OrderStatistics(voxels, threshold);
        return new ForegroundStatistics(
                threshold,
                Quantile.of(LOWER, found.count, order::at),
                Quantile.of(UPPER, found.count, order::at),
                (float) mean,
                (float) Math.sqrt(squares / found.count),
                found.count,
                all.min,
                all.max);
    }

    private static void requireForeground(int count, float min, float max) {
        if (count == 0) {
            throw new UnusableVolumeException((min == max
                            ? "the volume is constant (" + min + " everywhere)"
                            : "the volume is all but constant (from " + min + " to " + max + ")")
                    + ": no voxel lies above the mean, so there is nothing to segment");
        }
    }

    /** What is done with a chunk: values and how many of them count. */
    interface ChunkWork<T> {
        T of(float[] values, int length);
    }

    /** The results of all chunks, in order. */
    static <T> List<T> chunks(Voxels voxels, ChunkWork<T> work) {
        int chunks = (int) (((long) voxels.count() + CHUNK - 1) / CHUNK);
        return IntStream.range(0, chunks)
                .parallel()
                .mapToObj(c -> {
                    int from = c * CHUNK, length = Math.min(CHUNK, voxels.count() - from);
                    float[] values = new float[length];
                    voxels.read(from, length, values, 0);
                    return work.of(values, length);
                })
                .toList();
    }

    private record Sums(double sum, float min, float max, int length, long notFinite) {
        Sums plus(Sums next) {
            long bad = notFinite >= 0 ? notFinite : next.notFinite >= 0 ? length + next.notFinite : -1;
            return new Sums(
                    sum + next.sum, Math.min(min, next.min), Math.max(max, next.max), length + next.length, bad);
        }
    }

    private static Sums sums(float[] values, int length) {
        double sum = 0;
        float min = Float.POSITIVE_INFINITY, max = Float.NEGATIVE_INFINITY;
        long bad = -1;
        for (int i = 0; i < length; i++) {
            float v = values[i];
            sum += v;
            min = Math.min(min, v);
            max = Math.max(max, v);
        }
        if (!Double.isFinite(sum) || Float.isInfinite(min) || Float.isInfinite(max)) {
            for (int i = length - 1; i >= 0; i--) {
                bad = Float.isFinite(values[i]) ? bad : i;
            }
        }
        return new Sums(sum, min, max, length, bad);
    }

    private record Foreground(double sum, int count) {
        Foreground plus(Foreground next) {
            return new Foreground(sum + next.sum, count + next.count);
        }
    }

    private static Foreground foreground(float[] values, int length, float threshold) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < length; i++) {
            if (values[i] > threshold) {
                sum += values[i];
                count++;
            }
        }
        return new Foreground(sum, count);
    }

    private static double squares(float[] values, int length, float threshold, double mean) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            if (values[i] > threshold) {
                sum += (values[i] - mean) * (values[i] - mean);
            }
        }
        return sum;
    }
}
