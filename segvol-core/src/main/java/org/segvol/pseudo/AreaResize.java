package org.segvol.pseudo;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.segvol.weights.Extent;

/**
 * Adaptive averaging (spec 3.7): output o along an axis is the mean of inputs {@code floor(o * in / out)} up to, without,
 * {@code ceil((o + 1) * in / out)}. Sums are double and rounded once. Runs in parallel; the result does not depend on the number of threads.
 */
public final class AreaResize {
    private final Planes source;
    private final Extent from;
    private final Extent to;

    private AreaResize(Planes source, Extent from, Extent to) {
        this.source = source;
        this.from = from;
        this.to = to;
    }

    /**
     * Resizes a volume in memory.
     *
     * @param in values of {@code from}
     * @return values of {@code to}
     */
    public static float[] resize(float[] in, Extent from, Extent to) {
        if (in.length != from.count()) {
            throw new IllegalArgumentException(
                    "a volume of " + from + " has " + from.count() + " values, found " + in.length);
        }
        return resize(Planes.of(in), from, to);
    }

    /**
     * Resizes a volume that comes plane by plane; one plane for each thread is in memory.
     *
     * @param in planes of {@code from}
     * @return values of {@code to}
     */
    public static float[] resize(Planes in, Extent from, Extent to) {
        AreaResize resize = new AreaResize(in, from, to);
        float[] out = new float[to.count()];
        IntStream.range(0, to.d()).parallel().forEach(d -> resize.plane(d, out));
        return out;
    }

    /** First input that output o takes. */
    private static int first(int o, int in, int out) {
        return (int) ((long) o * in / out);
    }

    /** Input after the last that output o takes. */
    private static int end(int o, int in, int out) {
        return (int) (((o + 1L) * in + out - 1) / out);
    }

    private void plane(int d, float[] out) {
        int first = first(d, from.d(), to.d()), end = end(d, from.d(), to.d());
        float[] plane = new float[from.h() * from.w()];
        double[] rows = new double[from.h() * to.w()];
        double[] sums = new double[to.h() * to.w()];
        for (int z = first; z < end; z++) {
            source.plane(z, plane);
            averageRows(plane, rows);
            addColumns(rows, sums);
        }
        for (int i = 0, at = d * sums.length; i < sums.length; i++, at++) {
            out[at] = (float) (sums[i] / (end - first));
        }
    }

    /** (h, w) of the input to (h of the input, w of the output). */
    private void averageRows(float[] plane, double[] rows) {
        for (int w = 0; w < to.w(); w++) {
            int first = first(w, from.w(), to.w()), end = end(w, from.w(), to.w());
            for (int h = 0; h < from.h(); h++) {
                double sum = 0;
                for (int x = first; x < end; x++) {
                    sum += plane[h * from.w() + x];
                }
                rows[h * to.w() + w] = sum / (end - first);
            }
        }
    }

    /** Adds the means over rows to (h, w) of the output. */
    private void addColumns(double[] rows, double[] sums) {
        double[] column = new double[to.w()];
        for (int h = 0; h < to.h(); h++) {
            int first = first(h, from.h(), to.h()), end = end(h, from.h(), to.h());
            Arrays.fill(column, 0);
            for (int y = first; y < end; y++) {
                for (int w = 0; w < column.length; w++) {
                    column[w] += rows[y * column.length + w];
                }
            }
            for (int w = 0; w < column.length; w++) {
                sums[h * column.length + w] += column[w] / (end - first);
            }
        }
    }
}
