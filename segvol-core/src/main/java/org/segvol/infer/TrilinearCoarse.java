package org.segvol.infer;

import java.util.stream.IntStream;
import org.segvol.layers.LinearResize;
import org.segvol.weights.Extent;

/** The zoom-out view's logits enlarged trilinearly, voxel by voxel. Only the view is stored. */
final class TrilinearCoarse implements CoarseField {
    private final float[] view;
    private final Extent window;
    private final Extent volume;
    private final int[][] lower = new int[3][];
    private final float[][] weight = new float[3][];

    TrilinearCoarse(float[] view, Extent window, Extent volume) {
        this.view = view;
        this.window = window;
        this.volume = volume;
        for (int axis = 0; axis < 3; axis++) {
            lower[axis] = LinearResize.lower(window.side(axis), volume.side(axis));
            weight[axis] = LinearResize.upperWeight(window.side(axis), volume.side(axis));
        }
    }

    @Override
    public Extent volume() {
        return volume;
    }

    @Override
    public float at(int d, int h, int w) {
        int d0 = lower[0][d], d1 = Math.min(d0 + 1, window.d() - 1);
        return (1 - weight[0][d]) * inPlane(d0, h, w) + weight[0][d] * inPlane(d1, h, w);
    }

    private float inPlane(int d, int h, int w) {
        int h0 = lower[1][h], h1 = Math.min(h0 + 1, window.h() - 1);
        return (1 - weight[1][h]) * inRow((d * window.h() + h0) * window.w(), w)
                + weight[1][h] * inRow((d * window.h() + h1) * window.w(), w);
    }

    private float inRow(int row, int w) {
        int w0 = lower[2][w], w1 = Math.min(w0 + 1, window.w() - 1);
        return (1 - weight[2][w]) * view[row + w0] + weight[2][w] * view[row + w1];
    }

    @Override
    public void plane(int d, float[] target) {
        IntStream.range(0, volume.h()).parallel().forEach(h -> {
            for (int w = 0; w < volume.w(); w++) {
                target[h * volume.w() + w] = at(d, h, w);
            }
        });
    }

    @Override
    public int[][] bounds() {
        int[][] bounds = {{volume.d(), volume.h(), volume.w()}, {-1, -1, -1}};
        float[] plane = new float[volume.h() * volume.w()];
        for (int d = 0; d < volume.d(); d++) {
            if (!mayBePositive(d)) {
                continue;
            }
            plane(d, plane);
            for (int at = 0; at < plane.length; at++) {
                if (Decision.PUBLISHED.positive(plane[at])) {
                    include(bounds, d, at / volume.w(), at % volume.w());
                }
            }
        }
        return bounds[1][0] < 0 ? null : bounds;
    }

    /** Interpolated values never exceed those between which they lie. */
    private boolean mayBePositive(int d) {
        int from = lower[0][d] * window.h() * window.w();
        int to = (Math.min(lower[0][d] + 1, window.d() - 1) + 1) * window.h() * window.w();
        for (int at = from; at < to; at++) {
            if (Decision.PUBLISHED.positive(view[at])) {
                return true;
            }
        }
        return false;
    }

    private static void include(int[][] bounds, int... at) {
        for (int axis = 0; axis < 3; axis++) {
            bounds[0][axis] = Math.min(bounds[0][axis], at[axis]);
            bounds[1][axis] = Math.max(bounds[1][axis], at[axis]);
        }
    }
}
