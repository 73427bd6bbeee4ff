package org.segvol.preprocess;

import java.util.HashMap;
import java.util.Map;
import org.segvol.image.Voxels;

/**
 * Exact quantiles of the voxels above a threshold without sorting them: float bits are mapped to integers in the order of the numbers; one
 * histogram over the upper 16 bits finds the bucket of a rank, a second one inside the bucket finds the number.
 */
final class OrderStatistics {
    private static final int BUCKETS = 1 << 16;

    private final Voxels voxels;
    private final float threshold;
    private final int count;
    private final int[] coarse;
    private final Map<Integer, int[]> fine = new HashMap<>();

    OrderStatistics(Voxels voxels, float threshold, int count) {
        this.voxels = voxels;
        this.threshold = threshold;
        this.count = count;
        this.coarse = histogram(-1);
    }

    /** Counts by upper 16 bits, or by lower 16 bits of the keys in one bucket. */
    private int[] histogram(int bucket) {
        int[] total = new int[BUCKETS];
        ForegroundStatistics.chunks(voxels, (values, length) -> {
            int[] keys = new int[length];
            int n = 0;
            for (int i = 0; i < length; i++) {
                if (values[i] > threshold) {
                    int key = key(values[i]);
                    if (bucket < 0) {
                        keys[n++] = key >>> 16;
                    } else if (key >>> 16 == bucket) {
                        keys[n++] = key & 0xFFFF;
                    }
                }
            }
            synchronized (total) { // sums of integers do not depend on their order
                for (int i = 0; i < n; i++) {
                    total[keys[i]]++;
                }
            }
            return n;
        });
        return total;
    }

    /** Unsigned integers in the order of the floats. */
    private static int key(float value) {
        int bits = Float.floatToRawIntBits(value + 0f); // -0 becomes 0
        return bits < 0 ? ~bits : bits | 0x80000000;
    }

    private static float value(int key) {
        return Float.intBitsToFloat(key < 0 ? key & 0x7FFFFFFF : ~key);
    }

    /** The value of a rank, counted from 0. */
    private float at(int rank) {
        int bucket = 0, rest = rank;
        while (rest >= coarse[bucket]) {
            rest -= coarse[bucket++];
        }
        int[] inside = fine.computeIfAbsent(bucket, this::histogram);
        int low = 0;
        while (rest >= inside[low]) {
            rest -= inside[low++];
        }
        return value(bucket << 16 | low);
    }

    /** Linear interpolation between order statistics at rank (count - 1) * q, in double on float32 values (spec 3.4). */
    double quantile(double q) {
        double rank = (count - 1) * q;
        int low = (int) Math.floor(rank), high = Math.min(low + 1, count - 1);
        float a = at(low), b = at(high);
        double t = rank - low, difference = b - a;
        return t >= 0.5 ? b - difference * (1 - t) : a + difference * t;
    }
}
