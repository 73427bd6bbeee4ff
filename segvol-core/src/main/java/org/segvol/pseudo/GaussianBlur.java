package org.segvol.pseudo;

import java.util.stream.IntStream;
import org.segvol.weights.Extent;

/**
 * Gaussian blur along all three axes, truncated at 4 sigma, edges mirrored with the edge voxel repeated (spec 5.5). Along each axis sums are double,
 * in a fixed order, and rounded once to float32, so that a published program's bits can be met.
 */
final class GaussianBlur {
    private static final double TRUNCATION = 4;

    private final double[] weights;

    /**
     * A blur.
     *
     * @param sigma standard deviation in voxels, above 0
     */
    GaussianBlur(double sigma) {
        if (!(sigma > 0) || sigma > 1000) {
            throw new IllegalArgumentException(
                    "a blur's sigma must be above 0 and at most 1000 voxels, found " + sigma);
        }
        int radius = (int) (TRUNCATION * sigma + 0.5);
        weights = new double[radius + 1]; // of distances 0, 1, ...
        double sum = 0;
        for (int x = -radius; x <= radius; x++) {
            weights[Math.abs(x)] = Math.exp(-0.5 / (sigma * sigma) * x * x);
            sum += weights[Math.abs(x)];
        }
        for (int x = 0; x <= radius; x++) {
            weights[x] /= sum;
        }
    }

    /** The blurred volume; the input is not changed. */
    float[] apply(float[] in, Extent size) {
        float[] out = in.clone();
        along(out, size.d(), size.h() * size.w(), 1, size.h() * size.w());
        along(out, size.h(), size.w(), size.d(), size.w());
        along(out, size.w(), 1, size.d() * size.h(), 1);
        return out;
    }

    /**
     * One axis, in place.
     *
     * @param n voxels along the axis
     * @param stride between them
     * @param blocks of n * stride values that are independent of each other
     * @param lines in a block, side by side
     */
    private void along(float[] values, int n, int stride, int blocks, int lines) {
        IntStream.range(0, blocks * lines).parallel().forEach(line -> {
            int start = line / lines * n * stride + line % lines;
            double[] copy = new double[n];
            for (int i = 0; i < n; i++) {
                copy[i] = values[start + i * stride];
            }
            for (int i = 0; i < n; i++) {
                values[start + i * stride] = (float) at(copy, i);
            }
        });
    }

    private double at(double[] line, int i) {
        double sum = line[i] * weights[0];
        for (int distance = weights.length - 1; distance > 0; distance--) {
            sum += (line[mirrored(i - distance, line.length)] + line[mirrored(i + distance, line.length)])
                    * weights[distance];
        }
        return sum;
    }

    private static int mirrored(int i, int n) {
        int at = Math.floorMod(i, 2 * n);
        return at < n ? at : 2 * n - 1 - at;
    }
}
