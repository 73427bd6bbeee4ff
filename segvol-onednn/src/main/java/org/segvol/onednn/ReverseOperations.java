package org.segvol.onednn;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.segvol.layers.BlockOrder;
import org.segvol.layers.LinearResize;
import org.segvol.weights.Extent;

/** Small operations of gradients that oneDNN does not have. All views are dense float32. */
final class ReverseOperations {
    private static final int CHUNK = 1 << 15;

    private ReverseOperations() {}

    /** Fills with zeros. */
    static Operation zero(View out) {
        long bytes = 4 * out.count();
        return execution -> {
            BytePointer target = execution.pointer(out);
            return queue -> Pointer.memset(target, 0, bytes);
        };
    }

    /**
     * Gradient of a softmax over the last axis, from its result; {@code out} may be {@code gradient}. oneDNN has a tuned one for AVX-512 only;
     * without it, its plain one took a quarter of a training step.
     */
    static Operation softmax(View result, View gradient, View out) {
        int width = (int) result.dim(result.rank() - 1), rows = (int) (result.count() / width);
        int perChunk = Math.max(1, CHUNK / width), chunks = (rows + perChunk - 1) / perChunk;
        return execution -> {
            FloatBuffer shares = execution.floats(result), upstream = execution.floats(gradient);
            FloatBuffer target = execution.floats(out);
            return queue -> IntStream.range(0, chunks).parallel().forEach(c -> {
                int from = c * perChunk, count = Math.min(rows - from, perChunk) * width;
                float[] p = new float[count], g = new float[count];
                shares.get(from * width, p);
                upstream.get(from * width, g);
                for (int at = 0; at < count; at += width) {
                    float middle = dot(p, g, at, at + width);
                    for (int i = at; i < at + width; i++) {
                        g[i] = p[i] * (g[i] - middle);
                    }
                }
                target.put(from * width, g);
            });
        };
    }

    /** Four sums side by side, so that additions do not wait for each other. */
    private static float dot(float[] a, float[] b, int from, int to) {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < to; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }

    /** Sums over the axes on which {@code out} has size 1; both have the same rank. */
    static Operation sum(View x, View out) {
        int rank = x.rank(), width = (int) x.dim(rank - 1), wide = (int) out.dim(rank - 1);
        int[] starts = targetRows(x, out);
        return execution -> {
            FloatBuffer from = execution.floats(x), to = execution.floats(out);
            float[] row = new float[width], sums = new float[(int) out.count()];
            return queue -> {
                Arrays.fill(sums, 0);
                for (int r = 0; r < starts.length; r++) {
                    from.get(r * width, row);
                    int at = starts[r];
                    if (wide == 1) {
                        for (float value : row) {
                            sums[at] += value;
                        }
                    } else {
                        for (int i = 0; i < width; i++) {
                            sums[at + i] += row[i];
                        }
                    }
                }
                to.put(0, sums);
            };
        };
    }

    /** For every row of x along its last axis, where the row of {@code out} begins that it is added to. */
    private static int[] targetRows(View x, View out) {
        int rank = x.rank(), rows = (int) (x.count() / x.dim(rank - 1));
        int[] starts = new int[rows];
        for (int r = 0; r < rows; r++) {
            long left = r, stride = out.dim(rank - 1), start = 0;
            for (int axis = rank - 2; axis >= 0; axis--) {
                long place = left % x.dim(axis);
                left /= x.dim(axis);
                start += out.dim(axis) == 1 ? 0 : place * stride;
                stride *= out.dim(axis);
            }
            starts[r] = (int) start;
        }
        return starts;
    }

    /** Raster order to block order. */
    static Operation fold(View x, View out, BlockOrder order) {
        int[] raster = order.toRaster();
        return execution -> {
            FloatBuffer from = execution.floats(x), to = execution.floats(out);
            return queue -> {
                for (int at = 0; at < from.capacity(); at += raster.length) {
                    for (int i = 0; i < raster.length; i++) {
                        to.put(at + i, from.get(at + raster[i]));
                    }
                }
            };
        };
    }

    /** Gradients of trilinear resizing, of every volume. */
    static Operation trilinear(View gradient, View out, Extent from, Extent to) {
        return execution -> {
            FloatPointer source = execution.floatPointer(gradient), target = execution.floatPointer(out);
            float[] volume = new float[to.count()];
            return queue -> {
                for (long i = 0; i < gradient.count() / volume.length; i++) {
                    source.position(i * volume.length).get(volume);
                    target.position(i * from.count()).put(LinearResize.trilinearAdjoint(volume, from, to));
                }
            };
        };
    }

    /**
     * Adds the gradients of rows to the rows of a table that ids chose.
     *
     * @param rows (number of ids, C)
     * @param table (V,C)
     */
    static Operation scatter(View rows, View ids, View table) {
        int width = (int) table.dim(1);
        return execution -> {
            FloatBuffer from = execution.floats(rows), numbers = execution.floats(ids), to = execution.floats(table);
            return queue -> {
                for (int i = 0; i < numbers.capacity(); i++) {
                    int row = Math.toIntExact(((long) numbers.get(i)) * width);
                    for (int c = 0; c < width; c++) {
                        to.put(row + c, to.get(row + c) + from.get(i * width + c));
                    }
                }
            };
        };
    }

    /**
     * The views of a layer norm over everything.
     *
     * @param x what was normalised
     * @param scale its scale, as many as x
     * @param mean of everything, (1)
     * @param factor 1 / standard deviation of everything, (1)
     * @param gradient of the result
     * @param out receives the gradient of x
     * @param scaleOut the gradient of the scale is added here
     * @param shiftOut the gradient of the shift is added here
     */
    record Norm(View x, View scale, View mean, View factor, View gradient, View out, View scaleOut, View shiftOut) {}

    /** Gradients of a layer norm over everything. */
    static Operation norm(Norm views) {
        return execution -> {
            FloatBuffer x = execution.floats(views.x()), scale = execution.floats(views.scale());
            FloatBuffer gradient = execution.floats(views.gradient()), out = execution.floats(views.out());
            FloatBuffer scaleOut = execution.floats(views.scaleOut()), shiftOut = execution.floats(views.shiftOut());
            FloatBuffer mean = execution.floats(views.mean()), factor = execution.floats(views.factor());
            int n = x.capacity(), chunks = (n + CHUNK - 1) / CHUNK;
            double[] sums = new double[chunks], products = new double[chunks];
            return queue -> {
                float m = mean.get(0), f = factor.get(0);
                IntStream.range(0, chunks).parallel().forEach(c -> {
                    double sum = 0, product = 0;
                    for (int i = c * CHUNK; i < Math.min(n, (c + 1) * CHUNK); i++) {
                        float g = gradient.get(i), normal = (x.get(i) - m) * f;
                        scaleOut.put(i, scaleOut.get(i) + g * normal);
                        shiftOut.put(i, shiftOut.get(i) + g);
                        double scaled = g * scale.get(i);
                        sum += scaled;
                        product += scaled * normal;
                    }
                    sums[c] = sum;
                    products[c] = product;
                });
                double sum = 0, product = 0;
                for (int c = 0; c < chunks; c++) {
                    sum += sums[c];
                    product += products[c];
                }
                float average = (float) (sum / n), slope = (float) (product / n);
                IntStream.range(0, chunks).parallel().forEach(c -> {
                    for (int i = c * CHUNK; i < Math.min(n, (c + 1) * CHUNK); i++) {
                        float normal = (x.get(i) - m) * f;
                        out.put(i, f * (gradient.get(i) * scale.get(i) - average - normal * slope));
                    }
                });
            };
        };
    }
}
