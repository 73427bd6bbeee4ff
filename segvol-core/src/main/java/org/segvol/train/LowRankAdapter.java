package org.segvol.train;

import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.segvol.prompt.SplitMixChooser;

/**
 * A low-rank change of a matrix W (O,I) that stays as it was: W + B A with A (r,I) and B (O,r). B starts with zeros, so that training starts
 * where the model was. Gradients of A and B follow from that of W, so the network knows nothing of adapters.
 */
final class LowRankAdapter {
    private final int out;
    private final int in;
    private final int rank;
    private final float[] base;
    private final FloatBuffer a;
    private final FloatBuffer b;

    /**
     * An adapter.
     *
     * @param weight (O,I), the present values; later {@link #apply} writes here
     * @param random draws A's start, uniform with the variance 1 / I
     */
    LowRankAdapter(FloatBuffer weight, int out, int in, int rank, SplitMixChooser random) {
        this.out = out;
        this.in = in;
        this.rank = rank;
        this.base = new float[out * in];
        weight.get(0, base);
        this.a = FloatBuffer.allocate(rank * in);
        this.b = FloatBuffer.allocate(out * rank);
        double range = Math.sqrt(3.0 / in);
        for (int i = 0; i < a.capacity(); i++) {
            a.put(i, (float) (range * (2 * random.unit() - 1)));
        }
    }

    /** A (r,I), live. */
    FloatBuffer a() {
        return a;
    }

    /** B (O,r), live. */
    FloatBuffer b() {
        return b;
    }

    /** Gradient of A from that of W: B^T dW. */
    float[] gradientOfA(float[] weight) {
        float[] gradient = new float[rank * in];
        for (int o = 0; o < out; o++) {
            for (int r = 0; r < rank; r++) {
                float factor = b.get(o * rank + r);
                for (int i = 0; i < in; i++) {
                    gradient[r * in + i] += factor * weight[o * in + i];
                }
            }
        }
        return gradient;
    }

    /** Gradient of B from that of W: dW A^T. */
    float[] gradientOfB(float[] weight) {
        float[] gradient = new float[out * rank];
        for (int o = 0; o < out; o++) {
            for (int r = 0; r < rank; r++) {
                float sum = 0;
                for (int i = 0; i < in; i++) {
                    sum += weight[o * in + i] * a.get(r * in + i);
                }
                gradient[o * rank + r] = sum;
            }
        }
        return gradient;
    }

    /** Writes W + B A. */
    void apply(FloatBuffer weight) {
        IntStream.range(0, out).parallel().forEach(o -> {
            for (int i = 0; i < in; i++) {
                float sum = base[o * in + i];
                for (int r = 0; r < rank; r++) {
                    sum += b.get(o * rank + r) * a.get(r * in + i);
                }
                weight.put(o * in + i, sum);
            }
        });
    }
}
