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
        float[] chunk = new float[CHUNK];
        double min = Double.POSITIVE_INFINITY, max = Double.NEGATIVE_INFINITY, sum = 0;
        long finite = 0, air = 0, soft = 0;
        for (int from = 0; from < voxels.count(); ) {
            int n = Math.min(CHUNK, voxels.count() - from);
            voxels.read(from, n, chunk, 0);
            for (int k = 0; k < n; k++) {
                float v = chunk[k];
                if (Float.isFinite(v)) {
                    finite++;
                    sum += v;
                    min = Math.min(min, v);
                    max = Math.max(max, v);
                    air += isAir(v) ? 1 : 0;
                    soft += isSoftTissue(v) ? 1 : 0;
                }
            }
            from += n;
        }
        if (finite == 0) {
            return new Intensities(
                    Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, 0, voxels.count());
        }
        long[] bins = bins(voxels, min, max);
        double width = (max - min) / (BINS - 1);
        return new Intensities(
                min,
                max,
                sum / finite,
                min + width * bin(bins, finite, 0.005),
                min + width * bin(bins, finite, 0.5),
                min + width * bin(bins, finite, 0.995),
                (double) air / finite,
                (double) soft / finite,
                voxels.count() - finite);
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
        int chunks = (voxels.count() - 1) / CHUNK + 1;
        Shares all = IntStream.range(0, chunks)
                .parallel()
                .mapToObj(chunk -> Shares.of(voxels, chunk * CHUNK, Math.min(CHUNK, voxels.count() - chunk * CHUNK)))
                .reduce(Shares.NONE, Shares::plus);
        return lookLikeHounsfieldUnits(all.min, (double) all.air / all.finite, (double) all.softTissue / all.finite);
    }

    /** What tells Hounsfield units, of a part of a volume. */
    private record Shares(double min, long finite, long air, long softTissue) {
        private static final Shares NONE = new Shares(Double.POSITIVE_INFINITY, 0, 0, 0);

        static Shares of(Voxels voxels, int from, int count) {
            float[] values = new float[count];
            voxels.read(from, count, values, 0);
            double min = Double.POSITIVE_INFINITY;
            long finite = 0, air = 0, softTissue = 0;
            for (float v : values) {
                if (Float.isFinite(v)) {
                    finite++;
                    min = Math.min(min, v);
                    air += isAir(v) ? 1 : 0;
                    softTissue += isSoftTissue(v) ? 1 : 0;
                }
            }
            return new Shares(min, finite, air, softTissue);
        }

        Shares plus(Shares other) {
            return new Shares(
                    Math.min(min, other.min), finite + other.finite, air + other.air, softTissue + other.softTissue);
        }
    }

    private static boolean isAir(float hu) {
        return hu <= -500;
    }

    private static boolean isSoftTissue(float hu) {
        return hu >= -200 && hu <= 300;
    }
}
