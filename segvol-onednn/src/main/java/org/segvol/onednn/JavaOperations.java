package org.segvol.onednn;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.segvol.layers.BlockOrder;
import org.segvol.layers.LinearResize;
import org.segvol.weights.Extent;

/** Small operations that oneDNN does not have. All views are dense float32. */
final class JavaOperations {
    private JavaOperations() {}

    /** Sine or cosine. */
    static Operation wave(View x, View out, boolean cosine) {
        return execution -> {
            FloatBuffer from = execution.floats(x), to = execution.floats(out);
            return queue -> {
                for (int i = 0; i < from.capacity(); i++) {
                    to.put(i, (float) (cosine ? Math.cos(from.get(i)) : Math.sin(from.get(i))));
                }
            };
        };
    }

    /** Block order to raster order. */
    static Operation unfold(View x, View out, BlockOrder order) {
        int[] raster = order.toRaster();
        return execution -> {
            FloatBuffer from = execution.floats(x), to = execution.floats(out);
            return queue -> {
                for (int at = 0; at < from.capacity(); at += raster.length) {
                    for (int i = 0; i < raster.length; i++) {
                        to.put(at + raster[i], from.get(at + i));
                    }
                }
            };
        };
    }

    /** Trilinear resizing of every volume. */
    static Operation trilinear(View x, View out, Extent from, Extent to) {
        return execution -> {
            FloatPointer source = execution.floatPointer(x), target = execution.floatPointer(out);
            float[] volume = new float[from.count()];
            return queue -> {
                for (long i = 0; i < x.count() / volume.length; i++) {
                    source.position(i * volume.length).get(volume);
                    target.position(i * to.count()).put(LinearResize.trilinear(volume, from, to));
                }
            };
        };
    }

    /**
     * Mean and 1 / sqrt(variance + eps) of everything, from those of equally long rows.
     *
     * @param means (N)
     * @param variances (N)
     * @param mean (1)
     * @param factor (1)
     */
    static Operation joinStatistics(View means, View variances, View mean, View factor) {
        return execution -> {
            FloatBuffer rowMeans = execution.floats(means), rowVariances = execution.floats(variances);
            FloatBuffer allMean = execution.floats(mean), allFactor = execution.floats(factor);
            return queue -> {
                int rows = rowMeans.capacity();
                double sum = 0;
                for (int i = 0; i < rows; i++) {
                    sum += rowMeans.get(i);
                }
                double middle = sum / rows, spread = 0;
                for (int i = 0; i < rows; i++) {
                    double away = rowMeans.get(i) - middle;
                    spread += rowVariances.get(i) + away * away;
                }
                allMean.put(0, (float) middle);
                allFactor.put(0, (float) (1 / Math.sqrt(spread / rows + Primitives.EPSILON)));
            };
        };
    }
}
