package org.segvol.infer;

import org.segvol.weights.Extent;

/**
 * A part of a volume in network space, (d,h,w): starts inclusive, ends exclusive.
 *
 * @param d0 first plane
 * @param h0 first row
 * @param w0 first column
 * @param d1 plane after the last
 * @param h1 row after the last
 * @param w1 column after the last
 */
public record NetworkRegion(int d0, int h0, int w0, int d1, int h1, int w1) {
    /** Checks that the region is not empty. */
    public NetworkRegion {
        if (d0 < 0 || h0 < 0 || w0 < 0 || d1 <= d0 || h1 <= h0 || w1 <= w0) {
            throw new IllegalArgumentException(
                    "empty region " + d0 + "," + h0 + "," + w0 + " to " + d1 + "," + h1 + "," + w1);
        }
    }

    /** All of a volume. */
    public static NetworkRegion all(Extent volume) {
        return new NetworkRegion(0, 0, 0, volume.d(), volume.h(), volume.w());
    }

    /**
     * The region that is refined around coarse predictions, as the published program takes it (spec 4.4): every side grows by half of what
     * the predictions lack to a window, rounded down; at the volume's borders it is cut off without making up for it elsewhere.
     *
     * @param lo first positive voxel per axis
     * @param hi last positive voxel per axis
     */
    public static NetworkRegion published(int[] lo, int[] hi, Extent window, Extent volume) {
        int[] start = new int[3], end = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int n = volume.side(axis);
            int grow = Math.max(0, window.side(axis) - (hi[axis] - lo[axis] + 1)) / 2;
            start[axis] = Math.max(0, lo[axis] - grow);
            int last = Math.min(n, hi[axis] + grow); // n, not n - 1: must match; slicing forgives it
            end[axis] = Math.min(n, last + 1);
        }
        return new NetworkRegion(start[0], start[1], start[2], end[0], end[1], end[2]);
    }

    /**
     * The region around predictions that is at least a window on every axis where the volume is: it grows evenly, and what a border stops is
     * made up for on the other side.
     *
     * @param lo first voxel per axis
     * @param hi last voxel per axis
     */
    public static NetworkRegion inward(int[] lo, int[] hi, Extent window, Extent volume) {
        int[] start = new int[3], end = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int n = volume.side(axis), have = hi[axis] - lo[axis] + 1;
            int want = Math.min(n, Math.max(have, window.side(axis)));
            start[axis] = Math.min(Math.max(0, lo[axis] - (want - have) / 2), n - want);
            end[axis] = start[axis] + want;
        }
        return new NetworkRegion(start[0], start[1], start[2], end[0], end[1], end[2]);
    }

    /** First index along axis 0, 1 or 2. */
    public int start(int axis) {
        return axis == 0 ? d0 : axis == 1 ? h0 : w0;
    }

    /** Index after the last along axis 0, 1 or 2. */
    public int end(int axis) {
        return axis == 0 ? d1 : axis == 1 ? h1 : w1;
    }

    /** Its size. */
    public Extent extent() {
        return new Extent(d1 - d0, h1 - h0, w1 - w0);
    }
}
