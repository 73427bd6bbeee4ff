package org.segvol.layers;

import java.util.stream.IntStream;
import org.segvol.weights.Extent;

/**
 * Linear interpolation along one axis with half-pixel centres (spec 1.6): the source coordinate of output o is
 * {@code max(0, (o + 0.5) * in / out - 0.5)}, in float32, and the upper neighbour is clamped to the last index.
 */
public final class LinearResize {
    private LinearResize() {}

    /** Index of the lower neighbour of every output. */
    public static int[] lower(int in, int out) {
        int[] lower = new int[out];
        for (int o = 0; o < out; o++) {
            lower[o] = Math.min((int) source(in, out, o), in - 1);
        }
        return lower;
    }

    /** Weight of the upper neighbour, which is the next index or the last; the lower one has the rest to 1. */
    public static float[] upperWeight(int in, int out) {
        float[] weight = new float[out];
        for (int o = 0; o < out; o++) {
            float source = source(in, out, o);
            weight[o] = source - (int) source;
        }
        return weight;
    }

    /** The same as a matrix (in, out): a row vector times it is resized. */
    public static float[][] matrix(int in, int out) {
        int[] lower = lower(in, out);
        float[] upper = upperWeight(in, out);
        float[][] matrix = new float[in][out];
        for (int o = 0; o < out; o++) {
            matrix[lower[o]][o] += 1 - upper[o];
            matrix[Math.min(lower[o] + 1, in - 1)][o] += upper[o];
        }
        return matrix;
    }

    /**
     * Resizes a volume along all three axes, depth last. Runs in parallel; the result does not depend on the number of threads.
     *
     * @param in values (d,h,w) of {@code from}
     * @return values (d,h,w) of {@code to}
     */
    public static float[] trilinear(float[] in, Extent from, Extent to) {
        if (in.length != from.count()) {
            throw new IllegalArgumentException(
                    "a volume of " + from + " has " + from.count() + " values, found " + in.length);
        }
        if (from.equals(to)) {
            return in.clone();
        }
        int[] hs = lower(from.h(), to.h()), ws = lower(from.w(), to.w()), ds = lower(from.d(), to.d());
        float[] hu = upperWeight(from.h(), to.h()),
                wu = upperWeight(from.w(), to.w()),
                du = upperWeight(from.d(), to.d());
        int plane = to.h() * to.w();
        float[] planes = new float[from.d() * plane];
        IntStream.range(0, from.d()).parallel().forEach(d -> {
            float[] rows = new float[from.h() * to.w()];
            for (int h = 0; h < from.h(); h++) {
                int row = (d * from.h() + h) * from.w();
                for (int w = 0; w < to.w(); w++) {
                    float a = in[row + ws[w]], b = in[row + Math.min(ws[w] + 1, from.w() - 1)];
                    rows[h * to.w() + w] = (1 - wu[w]) * a + wu[w] * b;
                }
            }
            for (int h = 0; h < to.h(); h++) {
                blend(
                        rows,
                        hs[h] * to.w(),
                        Math.min(hs[h] + 1, from.h() - 1) * to.w(),
                        hu[h],
                        planes,
                        d * plane + h * to.w(),
                        to.w());
            }
        });
        if (from.d() == to.d()) {
            return planes;
        }
        float[] out = new float[to.count()];
        IntStream.range(0, to.d())
                .parallel()
                .forEach(d -> blend(
                        planes,
                        ds[d] * plane,
                        Math.min(ds[d] + 1, from.d() - 1) * plane,
                        du[d],
                        out,
                        d * plane,
                        plane));
        return out;
    }

    /**
     * The adjoint of {@link #trilinear}: sends the gradient of a resized volume back to the volume. Runs in parallel over planes; the result
     * does not depend on the number of threads.
     *
     * @param gradient (d,h,w) of {@code to}
     * @return (d,h,w) of {@code from}
     */
    public static float[] trilinearAdjoint(float[] gradient, Extent from, Extent to) {
        if (gradient.length != to.count()) {
            throw new IllegalArgumentException(
                    "a volume of " + to + " has " + to.count() + " values, found " + gradient.length);
        }
        if (from.equals(to)) {
            return gradient.clone();
        }
        int plane = to.h() * to.w();
        float[] planes = gradient;
        if (from.d() != to.d()) {
            planes = new float[from.d() * plane];
            int[] ds = lower(from.d(), to.d());
            float[] du = upperWeight(from.d(), to.d());
            for (int d = 0; d < to.d(); d++) {
                spread(gradient, d * plane, du[d], planes, ds[d], from.d(), plane);
            }
        }
        int[] hs = lower(from.h(), to.h()), ws = lower(from.w(), to.w());
        float[] hu = upperWeight(from.h(), to.h()), wu = upperWeight(from.w(), to.w());
        float[] all = planes;
        float[] out = new float[from.count()];
        IntStream.range(0, from.d()).parallel().forEach(d -> {
            float[] rows = new float[from.h() * to.w()];
            for (int h = 0; h < to.h(); h++) {
                spread(all, d * plane + h * to.w(), hu[h], rows, hs[h], from.h(), to.w());
            }
            for (int h = 0; h < from.h(); h++) {
                int row = (d * from.h() + h) * from.w();
                for (int w = 0; w < to.w(); w++) {
                    float g = rows[h * to.w() + w];
                    out[row + ws[w]] += (1 - wu[w]) * g;
                    out[row + Math.min(ws[w] + 1, from.w() - 1)] += wu[w] * g;
                }
            }
        });
        return out;
    }

    /** Adds a row's gradient to its two source rows. */
    private static void spread(float[] in, int at, float upper, float[] out, int lower, int rows, int length) {
        int first = lower * length, second = Math.min(lower + 1, rows - 1) * length;
        for (int i = 0; i < length; i++) {
            out[first + i] += (1 - upper) * in[at + i];
            out[second + i] += upper * in[at + i];
        }
    }

    private static void blend(float[] in, int lower, int upper, float weight, float[] out, int at, int length) {
        for (int i = 0; i < length; i++) {
            out[at + i] = (1 - weight) * in[lower + i] + weight * in[upper + i];
        }
    }

    private static float source(int in, int out, int o) {
        float scale = (float) in / out;
        return Math.max(0, (o + 0.5f) * scale - 0.5f);
    }
}
