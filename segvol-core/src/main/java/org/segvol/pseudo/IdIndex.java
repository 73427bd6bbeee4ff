package org.segvol.pseudo;

import java.util.Arrays;

/** Which voxels have which id. */
final class IdIndex {
    private final float[] distinct;
    private final int[] starts;
    private final int[] voxels;

    IdIndex(float[] ids) {
        float[] sorted = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (!Float.isFinite(ids[i])) {
                throw new IllegalArgumentException("a region's id must be a finite number, found " + ids[i]);
            }
            sorted[i] = ids[i] + 0f; // makes 0 of -0
        }
        Arrays.parallelSort(sorted);
        int[] ends = new int[sorted.length];
        int count = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[count++] = sorted[i];
            }
            ends[count - 1] = i + 1;
        }
        distinct = Arrays.copyOf(sorted, count);
        starts = new int[count + 1];
        System.arraycopy(ends, 0, starts, 1, count);
        voxels = new int[ids.length];
        int[] next = starts.clone();
        int of = 0;
        for (int i = 0; i < ids.length; i++) {
            if (distinct[of] != ids[i]) { // neighbours mostly share their id
                of = Arrays.binarySearch(distinct, ids[i] + 0f);
            }
            voxels[next[of]++] = i;
        }
    }

    /** How many ids there are. */
    int count() {
        return distinct.length;
    }

    /** An id; they rise with {@code n}. */
    float id(int n) {
        return distinct[n];
    }

    /** A copy of its voxels, rising. */
    int[] members(int n) {
        return Arrays.copyOfRange(voxels, starts[n], starts[n + 1]);
    }
}
