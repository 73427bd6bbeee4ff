package org.segvol.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;

/**
 * The exact Euclidean distance transform with voxel sides of its own along every axis, one axis after the other: along a row by counting,
 * along the others as the lower envelope of parabolas (Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions, 2012).
 * Rows run in parallel; the result does not depend on how many at once.
 */
final class DistanceTransform {
    /** Neighbouring lines that are gathered together, so that every cache line is used as a whole. */
    private static final int LINES = 16;

    private DistanceTransform() {}

    /**
     * The squared distance from the centre of every voxel to that of the nearest voxel of a set, in stored order.
     *
     * @param set not empty
     * @param spacing voxel sides (i, j, k), mm, positive
     * @return mm2, exact but for rounding to float32
     */
    static float[] squared(Mask set, double[] spacing) {
        for (double side : spacing) {
            if (!(side > 0) || Double.isInfinite(side)) {
                throw new IllegalArgumentException(
                        "voxel sides must be positive numbers of mm, found " + Arrays.toString(spacing));
            }
        }
        GridSize size = set.size();
        int ni = size.ni(), nj = size.nj(), nk = size.nk();
        float[] squares = new float[size.count()];
        IntStream.range(0, nj * nk).parallel().forEach(row -> alongRow(set, row * ni, ni, spacing[0], squares));
        IntStream.range(0, nk).parallel().forEach(k -> along(squares, k * ni * nj, ni, ni, nj, spacing[1]));
        IntStream.range(0, nj).parallel().forEach(j -> along(squares, j * ni, ni, ni * nj, nk, spacing[2]));
        return squares;
    }

    private static void alongRow(Mask set, int start, int n, double side, float[] squares) {
        int before = -1;
        int next = set.nextSet(start, start + n);
        for (int at = start; at < start + n; at++) {
            if (at == next) {
                before = at;
                next = set.nextSet(at + 1, start + n);
            }
            long left = before < 0 ? Long.MAX_VALUE : at - before;
            long right = next < 0 ? Long.MAX_VALUE : next - at;
            long steps = Math.min(left, right);
            squares[at] = steps == Long.MAX_VALUE ? Float.POSITIVE_INFINITY : (float) (steps * side * (steps * side));
        }
    }

    /** {@code lines} lines of {@code n} voxels; their first voxels lie side by side from {@code start}, the next ones a stride further. */
    private static void along(float[] squares, int start, int lines, int stride, int n, double side) {
        if (n == 1) {
            return;
        }
        double[] gathered = new double[LINES * n];
        Envelope envelope = new Envelope(n, side * side);
        for (int first = 0; first < lines; first += LINES) {
            int width = Math.min(LINES, lines - first);
            for (int q = 0; q < n; q++) {
                for (int line = 0; line < width; line++) {
                    gathered[line * n + q] = squares[start + first + line + q * stride];
                }
            }
            for (int line = 0; line < width; line++) {
                envelope.replace(gathered, line * n);
            }
            for (int q = 0; q < n; q++) {
                for (int line = 0; line < width; line++) {
                    squares[start + first + line + q * stride] = (float) gathered[line * n + q];
                }
            }
        }
    }

    /** The lower envelope of parabolas that stand on the samples of a line. */
    private static final class Envelope {
        private final int n;
        private final double curvature;
        private final int[] centre;
        private final double[] height;
        private final double[] from;

        Envelope(int n, double curvature) {
            this.n = n;
            this.curvature = curvature;
            this.centre = new int[n];
            this.height = new double[n];
            this.from = new double[n];
        }

        /** Replaces a line's samples by the envelope's values; infinite samples carry no parabola. */
        void replace(double[] values, int at) {
            int parabolas = build(values, at);
            for (int q = 0, p = 0; parabolas > 0 && q < n; q++) {
                while (p + 1 < parabolas && from[p + 1] < q) {
                    p++;
                }
                double steps = q - centre[p];
                values[at + q] = curvature * steps * steps + height[p];
            }
        }

        private int build(double[] values, int at) {
            int count = 0;
            for (int q = 0; q < n; q++) {
                double value = values[at + q];
                if (value == Double.POSITIVE_INFINITY) {
                    continue;
                }
                double crossing = Double.NEGATIVE_INFINITY;
                while (count > 0) {
                    crossing = crossing(count - 1, q, value);
                    if (crossing > from[count - 1]) {
                        break;
                    }
                    count--;
                    crossing = Double.NEGATIVE_INFINITY;
                }
                centre[count] = q;
                height[count] = value;
                from[count++] = crossing;
            }
            return count;
        }

        /** Where the parabola on {@code q} becomes lower than number {@code p}. */
        private double crossing(int p, int q, double value) {
            double steps = q - centre[p];
            return (q + centre[p]) / 2.0 + (value - height[p]) / (2 * curvature * steps);
        }
    }
}
