package org.segvol.image;

import java.util.stream.IntStream;

/**
 * How the scaled values of a volume are distributed. Values that are not finite are counted and otherwise left out.
 *
 * @param min smallest value
 * @param max largest value
 * @param mean arithmetic mean
 * @param low the 0.5th percentile; percentiles are exact to 1/65536 of the range
 * @param median the 50th percentile
 * @param high the 99.5th percentile
 * @param air share of values of at most -500
 * @param softTissue share of values from -200 to 300
 * @param notFinite how many values are NaN or infinite
 */
public record Intensities(
        double min,
        double max,
        double mean,
        double low,
        double median,
        double high,
        double air,
        double softTissue,
        long notFinite) {
    private static final int BINS = 1 << 16;
    private static final int CHUNK = 1 << 14;

    /** Reads all voxels twice: once for the range, once for the percentiles. */
    static Intensities of(Voxels voxels) {
        Tally all = new Tally();
        for (int chunk = 0; chunk < chunks(voxels); chunk++) {
            all.add(voxels, chunk);
        }
        if (all.finite == 0) {
            return new Intensities(
                    Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, 0, voxels.count());
        }
        long[] bins = bins(voxels, all.min, all.max);
        double width = (all.max - all.min) / (BINS - 1);
        return new Intensities(
                all.min,
                all.max,
                all.sum / all.finite,
                all.min + width * bin(bins, all.finite, 0.005),
                all.min + width * bin(bins, all.finite, 0.5),
                all.min + width * bin(bins, all.finite, 0.995),
                all.airShare(),
                all.softTissueShare(),
                voxels.count() - all.finite);
    }

    private static long[] bins(Voxels voxels, double min, double max) {
        long[] bins = new long[BINS];
        float[] chunk = new float[CHUNK];
        double scale = max > min ? (BINS - 1) / (max - min) : 0;
        for (int from = 0; from < voxels.count(); ) {
            int n = Math.min(CHUNK, voxels.count() - from);
            voxels.read(from, n, chunk, 0);
            for (int k = 0; k < n; k++) {
                if (Float.isFinite(chunk[k])) {
                    bins[(int) Math.rint((chunk[k] - min) * scale)]++;
                }
            }
            from += n;
        }
        return bins;
    }

    /** The bin that holds the value below which a share of all values lies. */
    private static int bin(long[] bins, long total, double share) {
        long before = 0;
        long rank = (long) Math.floor((total - 1) * share);
        for (int n = 0; n < BINS; n++) {
            before += bins[n];
            if (before > rank) {
                return n;
            }
        }
        return BINS - 1;
    }

    /**
     * Whether the values look like CT in Hounsfield units: the smallest is -500 or less (air or lung is about -1000, and no other
     * usual modality stores such values), at least 1 % are that dark, and at least 1 % lie where soft tissue does, from -200 to 300.
     */
    public boolean looksLikeHounsfieldUnits() {
        return lookLikeHounsfieldUnits(min, air, softTissue);
    }

    private static boolean lookLikeHounsfieldUnits(double min, double air, double softTissue) {
        return min <= -500 && air >= 0.01 && softTissue >= 0.01;
    }

    /** {@link #looksLikeHounsfieldUnits()} alone: reads all voxels once, on all cores. */
    static boolean lookLikeHounsfieldUnits(Voxels voxels) {
        Tally all = IntStream.range(0, chunks(voxels))
                .parallel()
                .collect(Tally::new, (tally, chunk) -> tally.add(voxels, chunk), Tally::add);
        return lookLikeHounsfieldUnits(all.min, all.airShare(), all.softTissueShare());
    }

    private static int chunks(Voxels voxels) {
        return (voxels.count() - 1) / CHUNK + 1;
    }

    /** Counts and limits of the finite values that were added. */
    private static final class Tally {
        private final float[] values = new float[CHUNK];
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private double sum;
        private long finite;
        private long air;
        private long softTissue;

        void add(Voxels voxels, int chunk) {
            int from = chunk * CHUNK, n = Math.min(CHUNK, voxels.count() - from);
            voxels.read(from, n, values, 0);
            for (int k = 0; k < n; k++) {
                float v = values[k];
                if (Float.isFinite(v)) {
                    finite++;
                    sum += v;
                    min = Math.min(min, v);
                    max = Math.max(max, v);
                    air += v <= -500 ? 1 : 0;
                    softTissue += v >= -200 && v <= 300 ? 1 : 0;
                }
            }
        }

        void add(Tally other) {
            min = Math.min(min, other.min);
            max = Math.max(max, other.max);
            sum += other.sum;
            finite += other.finite;
            air += other.air;
            softTissue += other.softTissue;
        }

        double airShare() {
            return (double) air / finite;
        }

        double softTissueShare() {
            return (double) softTissue / finite;
        }
    }
}
