package org.segvol.train;

import java.util.stream.IntStream;
import org.segvol.layers.LinearResize;
import org.segvol.weights.Extent;

/**
 * Dice loss plus binary cross-entropy of one prompt's mask, and its gradient (spec 5.3). The low-resolution logits are enlarged to the
 * target's size; sums are taken in double, plane by plane, so that the number of threads does not change a bit.
 *
 * @param loss the sum of both losses
 * @param dice the dice loss, 0 to 1
 * @param gradient of the loss with respect to the low-resolution logits, (d,h,w)
 */
public record MaskLoss(double loss, double dice, float[] gradient) {
    private static final double LARGE = 1e200;

    /** Over what the dice loss is taken. */
    public enum Dice {
        /** For every slice of the depth axis, then averaged: what the published program does with a batch of one. */
        PER_SLICE,
        /** Over the whole volume. */
        WHOLE
    }

    /**
     * The loss of one mask.
     *
     * @param masks low-resolution logits (d,h,w)
     * @param low their size
     * @param target what the mask should be, 0..1 (d,h,w); -1 counts as 0
     * @param size the target's size
     */
    public static MaskLoss of(float[] masks, Extent low, float[] target, Extent size, Dice dice) {
        float[] logits = LinearResize.trilinear(masks, low, size);
        int plane = size.h() * size.w(), planes = size.d();
        float[] probabilities = new float[logits.length];
        double[] overlap = new double[planes], sum = new double[planes], entropy = new double[planes];
        IntStream.range(0, planes).parallel().forEach(d -> {
            double both = 0, all = 0, cross = 0;
            double product = 1; // its logarithm instead of a sum of logarithms
            for (int i = d * plane; i < (d + 1) * plane; i++) {
                double x = logits[i], t = Math.max(target[i], 0);
                double e = Math.exp(-Math.abs(x));
                double p = x >= 0 ? 1 / (1 + e) : e / (1 + e);
                probabilities[i] = (float) p;
                both += p * t;
                all += p + t;
                cross += Math.max(x, 0) - x * t;
                product *= 1 + e;
                if (product > LARGE) {
                    cross += Math.log(product);
                    product = 1;
                }
            }
            cross += Math.log(product);
            overlap[d] = both;
            sum[d] = all;
            entropy[d] = cross;
        });
        int groups = dice == Dice.WHOLE ? 1 : planes, per = planes / groups;
        double diceLoss = 0, cross = 0;
        double[] slope = new double[groups], offset = new double[groups]; // of the dice loss: slope * t + offset
        for (int g = 0; g < groups; g++) {
            double both = 0, all = 1;
            for (int d = g * per; d < (g + 1) * per; d++) {
                both += overlap[d];
                all += sum[d];
                cross += entropy[d];
            }
            diceLoss += (1 - 2 * both / all) / groups;
            slope[g] = -2 / all / groups;
            offset[g] = 2 * both / (all * all) / groups;
        }
        float[] gradient = new float[logits.length];
        IntStream.range(0, planes).parallel().forEach(d -> {
            double a = slope[d / per], b = offset[d / per];
            for (int i = d * plane; i < (d + 1) * plane; i++) {
                double p = probabilities[i], t = Math.max(target[i], 0);
                gradient[i] = (float) ((a * t + b) * p * (1 - p) + (p - t) / logits.length);
            }
        });
        return new MaskLoss(
                diceLoss + cross / logits.length, diceLoss, LinearResize.trilinearAdjoint(gradient, low, size));
    }
}
