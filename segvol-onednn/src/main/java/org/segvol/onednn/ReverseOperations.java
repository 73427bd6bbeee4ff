package org.segvol.onednn;

import java.nio.FloatBuffer;
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
