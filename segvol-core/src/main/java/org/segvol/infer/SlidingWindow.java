package org.segvol.infer;

import java.util.Arrays;
import org.segvol.weights.Extent;

/**
 * Overlapping windows over a region, averaged with equal weight (spec 4.6). The region is zero-padded to at least one window. Only as many planes are
 * held as a window is deep; planes that no later window touches are given away.
 */
final class SlidingWindow {
    /** The logit of voxels that only windows left out would cover: a probability of 1e-13. */
    static final float NOTHING = -30;

    private final Extent window;
    private final NetworkRegion region;
    private final Extent padded;
    private final int[] before;
    private final int[][] starts = new int[3][];

    SlidingWindow(Extent window, NetworkRegion region, double overlap) {
        this.window = window;
        this.region = region;
        this.padded = WindowGrid.padded(region.extent(), window);
        this.before = WindowGrid.before(region.extent(), window);
        for (int axis = 0; axis < 3; axis++) {
            starts[axis] = WindowGrid.starts(padded.side(axis), window.side(axis), overlap);
        }
    }

    /** Computes a window's logits. */
    @FunctionalInterface
    interface WindowLogits {
        /**
         * The logits of one window.
         *
         * @param origin in coordinates of the padded region (d,h,w)
         * @param view the same window laid over the volume
         * @return (d,h,w) of the window, or null to leave the window out
         */
        float[] compute(int[] origin, VolumeView view);
    }

    /** How many windows there are. */
    int windows() {
        return starts[0].length * starts[1].length * starts[2].length;
    }

    /**
     * Runs all windows, first axis slowest.
     *
     * @param planes receives the region's planes, indices and sizes counted in the region
     */
    void run(WindowLogits logits, LogitPlanes planes) {
        int plane = padded.h() * padded.w();
        float[] sums = new float[window.d() * plane]; // ring of planes
        float[] counts = new float[sums.length];
        for (int i = 0; i < starts[0].length; i++) {
            int d0 = starts[0][i];
            for (int h0 : starts[1]) {
                for (int w0 : starts[2]) {
                    float[] own = logits.compute(new int[] {d0, h0, w0}, view(d0, h0, w0));
                    if (own != null) {
                        add(own, d0, h0, w0, sums, counts);
                    }
                }
            }
            int done = i + 1 < starts[0].length ? starts[0][i + 1] : padded.d();
            for (int d = d0; d < done; d++) {
                give(d, sums, counts, planes);
                int at = d % window.d() * plane;
                Arrays.fill(sums, at, at + plane, 0);
                Arrays.fill(counts, at, at + plane, 0);
            }
        }
    }

    private VolumeView view(int d0, int h0, int w0) {
        return new VolumeView(
                region.d0() + d0 - before[0],
                region.h0() + h0 - before[1],
                region.w0() + w0 - before[2],
                window,
                region);
    }

    private void add(float[] logits, int d0, int h0, int w0, float[] sums, float[] counts) {
        for (int d = 0; d < window.d(); d++) {
            int plane = (d0 + d) % window.d() * padded.h();
            for (int h = 0; h < window.h(); h++) {
                int to = (plane + h0 + h) * padded.w() + w0, from = (d * window.h() + h) * window.w();
                for (int w = 0; w < window.w(); w++) {
                    sums[to + w] += logits[from + w];
                    counts[to + w] += 1;
                }
            }
        }
    }

    private void give(int d, float[] sums, float[] counts, LogitPlanes planes) {
        Extent size = region.extent();
        int own = d - before[0];
        if (own < 0 || own >= size.d()) {
            return;
        }
        float[] out = new float[size.h() * size.w()];
        int at = 0;
        for (int h = before[1]; h < before[1] + size.h(); h++) {
            int row = (d % window.d() * padded.h() + h) * padded.w();
            for (int w = before[2]; w < before[2] + size.w(); w++) {
                float count = counts[row + w];
                out[at++] = count == 0 ? NOTHING : sums[row + w] / count;
            }
        }
        planes.plane(own, out);
    }
}
