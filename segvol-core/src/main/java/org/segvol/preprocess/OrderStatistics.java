package org.segvol.preprocess;

import java.util.HashMap;
import java.util.Map;
import org.segvol.image.Voxels;

/**
 * Order statistics of the voxels above a threshold without sorting them: float bits are mapped to integers in the order of the numbers; one
 * histogram over the upper 16 bits finds the bucket of a rank, a second one inside the bucket finds the number.
 */
final class OrderStatistics {
    private static final int BUCKETS = 1 << 16;

    private final Voxels voxels;
    private final float threshold;
    private final int[] coarse;
    private final Map<Integer, int[]> fine = new HashMap<>();

    OrderStatistics(Voxels voxels, float threshold) {
        this.voxels = voxels;
        this.threshold = threshold;
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
                    int key = FloatOrder.key(values[i]);
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

    /** The voxel of a rank, counted from 0 in rising order. */
    float at(int rank) {
        int bucket = 0, rest = rank;
        while (rest >= coarse[bucket]) {
            rest -= coarse[bucket++];
        }
        int[] inside = fine.computeIfAbsent(bucket, this::histogram);
        int low = 0;
        while (rest >= inside[low]) {
            rest -= inside[low++];
        }
        return FloatOrder.value(bucket << 16 | low);
    }
}
