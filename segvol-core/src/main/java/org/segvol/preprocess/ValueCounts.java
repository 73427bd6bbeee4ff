package org.segvol.preprocess;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.segvol.image.CodedVoxels;

/**
 * How often each value occurs in a volume of few different values. Found in one pass over the voxels; all statistics follow from it, and are
 * the same for any order of the voxels.
 */
final class ValueCounts {
    private static final int PART = 1 << 22;

    private final float[] values; // rising
    private final int[] counts;

    private ValueCounts(float[] values, int[] counts) {
        this.values = values;
        this.counts = counts;
    }

    /** Counts the voxels. */
    static ValueCounts of(CodedVoxels voxels) {
        int codes = voxels.codes();
        int parts = (int) (((long) voxels.count() + PART - 1) / PART);
        int[] byCode = new int[codes];
        IntStream.range(0, parts).parallel().forEach(p -> {
            int from = p * PART;
            int[] own = new int[codes];
            voxels.count(from, Math.min(PART, voxels.count() - from), own);
            synchronized (byCode) { // sums of integers do not depend on their order
                for (int code = 0; code < codes; code++) {
                    byCode[code] += own[code];
                }
            }
        });
        float[] values = new float[codes];
        int[] counts = new int[codes];
        int n = 0;
        for (int c = 0; c < codes; c++) {
            int code = voxels.slope() < 0 ? codes - 1 - c : c;
            if (byCode[code] > 0) {
                values[n] = voxels.value(code);
                counts[n++] = byCode[code];
            }
        }
        return new ValueCounts(Arrays.copyOf(values, n), Arrays.copyOf(counts, n));
    }

    /** Whether every value that occurs is a number; a huge scale can make one infinite. */
    boolean isFinite() {
        return Float.isFinite(values[0]) && Float.isFinite(values[values.length - 1]);
    }

    float minimum() {
        return values[0];
    }

    float maximum() {
        return values[values.length - 1];
    }

    /** Sum of all voxels. */
    double sum() {
        double sum = 0;
        for (int n = 0; n < values.length; n++) {
            sum += (double) values[n] * counts[n];
        }
        return sum;
    }

    /** Only the values above a threshold. */
    ValueCounts above(float threshold) {
        int first = 0;
        while (first < values.length && !(values[first] > threshold)) {
            first++;
        }
        return new ValueCounts(
                Arrays.copyOfRange(values, first, values.length), Arrays.copyOfRange(counts, first, values.length));
    }

    /** How many voxels there are. */
    int count() {
        int count = 0;
        for (int n : counts) {
            count += n;
        }
        return count;
    }

    /** Sum of squared distances to a value. */
    double squares(double mean) {
        double sum = 0;
        for (int n = 0; n < values.length; n++) {
            sum += (values[n] - mean) * (values[n] - mean) * counts[n];
        }
        return sum;
    }

    /** The voxel of a rank, counted from 0 in rising order. */
    float at(int rank) {
        int n = 0;
        for (int left = rank; left >= counts[n]; n++) {
            left -= counts[n];
        }
        return values[n];
    }
}
