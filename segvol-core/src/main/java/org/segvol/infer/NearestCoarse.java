package org.segvol.infer;

import org.segvol.preprocess.NearestIndex;
import org.segvol.weights.Extent;

/**
 * The zoom-out view's logits, looked at in the size of the whole volume through legacy nearest resizing (spec 4.2). Only the view is
 * stored; voxels are looked up.
 */
final class NearestCoarse implements CoarseField {
    private final float[] view;
    private final Extent window;
    private final Extent volume;
    private final int[][] source = new int[3][]; // for every voxel of an axis its index in the view

    /**
     * Logits of a zoom-out view.
     *
     * @param view (d,h,w) of the window; not copied
     * @param volume the size in which they are looked at
     */
    NearestCoarse(float[] view, Extent window, Extent volume) {
        this.view = view;
        this.window = window;
        this.volume = volume;
        for (int axis = 0; axis < 3; axis++) {
            source[axis] = NearestIndex.legacy(window.side(axis), volume.side(axis));
        }
    }

    @Override
    public Extent volume() {
        return volume;
    }

    @Override
    public byte[] positives(VolumeView part) {
        return part.fill((d, h, w) -> Decision.PUBLISHED.positive(
                view[(source[0][d] * window.h() + source[1][h]) * window.w() + source[2][w]]));
    }

    @Override
    public void plane(int d, float[] target) {
        int at = 0;
        for (int h = 0; h < volume.h(); h++) {
            int row = (source[0][d] * window.h() + source[1][h]) * window.w();
            for (int w = 0; w < volume.w(); w++) {
                target[at++] = view[row + source[2][w]];
            }
        }
    }

    /** A positive cell of the view may be seen by no voxel where an axis is shorter than the window. */
    @Override
    public int[][] bounds() {
        boolean[][] hit = new boolean[3][];
        boolean[][] seen = new boolean[3][];
        for (int axis = 0; axis < 3; axis++) {
            hit[axis] = new boolean[window.side(axis)];
            seen[axis] = new boolean[window.side(axis)];
            for (int i : source[axis]) {
                seen[axis][i] = true;
            }
        }
        boolean any = false;
        for (int d = 0, at = 0; d < window.d(); d++) {
            for (int h = 0; h < window.h(); h++) {
                for (int w = 0; w < window.w(); w++, at++) {
                    if (Decision.PUBLISHED.positive(view[at]) && seen[0][d] && seen[1][h] && seen[2][w]) {
                        any = true;
                        hit[0][d] = true;
                        hit[1][h] = true;
                        hit[2][w] = true;
                    }
                }
            }
        }
        if (!any) {
            return null;
        }
        int[][] bounds = new int[2][3];
        for (int axis = 0; axis < 3; axis++) {
            int lo = 0, hi = source[axis].length - 1;
            while (!hit[axis][source[axis][lo]]) {
                lo++;
            }
            while (!hit[axis][source[axis][hi]]) {
                hi--;
            }
            bounds[0][axis] = lo;
            bounds[1][axis] = hi;
        }
        return bounds;
    }
}
