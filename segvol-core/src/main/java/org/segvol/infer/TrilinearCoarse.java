package org.segvol.infer;

import java.util.stream.IntStream;
import org.segvol.layers.LinearResize;
import org.segvol.weights.Extent;

/** The zoom-out view's logits enlarged trilinearly, row by row, with the bits of {@link LinearResize#trilinear}. Only the view is stored. */
final class TrilinearCoarse implements CoarseField {
    /** Neighbouring rows that one thread computes, so that it interpolates a row of the view once for all of them. */
    private static final int BAND = 32;

    private final float[] view;
    private final Extent window;
    private final Extent volume;
    private final int[][] lower = new int[3][];
    private final float[][] weight = new float[3][];
    private final boolean[] positive; // rows of the view that have a positive cell

    TrilinearCoarse(float[] view, Extent window, Extent volume) {
        this.view = view;
        this.window = window;
        this.volume = volume;
        for (int axis = 0; axis < 3; axis++) {
            lower[axis] = LinearResize.lower(window.side(axis), volume.side(axis));
            weight[axis] = LinearResize.upperWeight(window.side(axis), volume.side(axis));
        }
        positive = new boolean[window.d() * window.h()];
        for (int row = 0; row < positive.length; row++) {
            for (int at = row * window.w(); at < (row + 1) * window.w() && !positive[row]; at++) {
                positive[row] = Decision.PUBLISHED.positive(view[at]);
            }
        }
    }

    @Override
    public Extent volume() {
        return volume;
    }

    @Override
    public void plane(int d, float[] target) {
        int rows = volume.h(), width = volume.w();
        IntStream.range(0, (rows + BAND - 1) / BAND).parallel().forEach(band -> {
            Rows plane = new Rows(d, 0, width);
            for (int h = band * BAND; h < Math.min(rows, (band + 1) * BAND); h++) {
                plane.write(h, target, h * width);
            }
        });
    }

    @Override
    public byte[] positives(VolumeView part) {
        return part.fillRows(d -> {
            int from = Math.max(0, part.w0()),
                    to = Math.min(volume.w(), part.w0() + part.size().w());
            Rows plane = new Rows(d, from, to);
            float[] row = new float[to - from];
            return (h, first, end, mask, at) -> {
                if (mayBePositive(d, h)) {
                    plane.write(h, row, 0);
                    for (int w = first; w < end; w++) {
                        mask[at + w] = (byte) (Decision.PUBLISHED.positive(row[w - from]) ? 1 : 0);
                    }
                }
            };
        });
    }

    @Override
    public int[][] bounds() {
        int[][][] planes = new int[volume.d()][][];
        IntStream.range(0, volume.d()).parallel().forEach(d -> planes[d] = boundsOf(d));
        int[][] bounds = null;
        for (int[][] plane : planes) {
            if (bounds == null) {
                bounds = plane;
            } else if (plane != null) {
                for (int axis = 0; axis < 3; axis++) {
                    bounds[0][axis] = Math.min(bounds[0][axis], plane[0][axis]);
                    bounds[1][axis] = Math.max(bounds[1][axis], plane[1][axis]);
                }
            }
        }
        return bounds;
    }

    private int[][] boundsOf(int d) {
        int h0 = -1, h1 = -1, w0 = volume.w(), w1 = -1;
        Rows plane = new Rows(d, 0, volume.w());
        float[] row = new float[volume.w()];
        for (int h = 0; h < volume.h(); h++) {
            if (!mayBePositive(d, h)) {
                continue;
            }
            plane.write(h, row, 0);
            for (int w = 0; w < row.length; w++) {
                if (Decision.PUBLISHED.positive(row[w])) {
                    h0 = h0 < 0 ? h : h0;
                    h1 = h;
                    w0 = Math.min(w0, w);
                    w1 = Math.max(w1, w);
                }
            }
        }
        return h0 < 0 ? null : new int[][] {{d, h0, w0}, {d, h1, w1}};
    }

    /** Interpolated values never exceed those between which they lie. */
    private boolean mayBePositive(int d, int h) {
        int d0 = lower[0][d] * window.h(), d1 = upper(0, lower[0][d]) * window.h();
        int h0 = lower[1][h], h1 = upper(1, h0);
        return positive[d0 + h0] || positive[d0 + h1] || positive[d1 + h0] || positive[d1 + h1];
    }

    private int upper(int axis, int lower) {
        return Math.min(lower + 1, window.side(axis) - 1);
    }

    /** Rows of one plane, a stretch of their columns. Used by one thread. */
    private final class Rows {
        private final int d;
        private final int from;
        private final int length;
        private float[][] low; // the two planes of the view, at its lower row, interpolated along w
        private float[][] high; // and at its upper row
        private int at = -2; // the lower row

        Rows(int d, int from, int to) {
            this.d = d;
            this.from = from;
            this.length = to - from;
            this.low = new float[2][length];
            this.high = new float[2][length];
        }

        /** Writes a row's columns. */
        void write(int h, float[] target, int to) {
            turnTo(lower[1][h]);
            float[] low0 = low[0], low1 = low[1], high0 = high[0], high1 = high[1];
            float wd = weight[0][d], wh = weight[1][h];
            for (int i = 0; i < length; i++) {
                float first = (1 - wh) * low0[i] + wh * high0[i];
                float second = (1 - wh) * low1[i] + wh * high1[i];
                target[to + i] = (1 - wd) * first + wd * second;
            }
        }

        private void turnTo(int row) {
            if (row == at) {
                return;
            }
            if (row == at + 1) {
                float[][] free = low;
                low = high;
                high = free;
            } else {
                interpolate(row, low);
            }
            interpolate(upper(1, row), high);
            at = row;
        }

        private void interpolate(int row, float[][] into) {
            int last = window.w() - 1;
            int[] columns = lower[2];
            float[] upperWeight = weight[2];
            for (int plane = 0; plane < 2; plane++) {
                int at = ((plane == 0 ? lower[0][d] : upper(0, lower[0][d])) * window.h() + row) * window.w();
                float[] out = into[plane];
                for (int i = 0; i < length; i++) {
                    int w = columns[from + i];
                    float share = upperWeight[from + i];
                    out[i] = (1 - share) * view[at + w] + share * view[at + Math.min(w + 1, last)];
                }
            }
        }
    }
}
