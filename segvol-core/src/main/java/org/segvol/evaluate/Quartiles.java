package org.segvol.evaluate;

import java.util.Arrays;

/**
 * What a sample looks like; quartiles are interpolated linearly between ranks.
 *
 * @param count values in the sample
 * @param mean their mean
 * @param lower a quarter lies below
 * @param median half lies below
 * @param upper three quarters lie below
 */
public record Quartiles(int count, double mean, double lower, double median, double upper) {
    /**
     * Of a sample, which may hold infinities and is not changed.
     *
     * @throws IllegalArgumentException when it is empty or holds a NaN
     */
    public static Quartiles of(double[] sample) {
        double[] rising = sample.clone();
        Arrays.sort(rising);
        if (rising.length == 0 || Double.isNaN(rising[rising.length - 1])) {
            throw new IllegalArgumentException("quartiles need numbers, found " + Arrays.toString(sample));
        }
        double mean = Arrays.stream(sample).sum() / sample.length;
        return new Quartiles(rising.length, mean, at(rising, 0.25), at(rising, 0.5), at(rising, 0.75));
    }

    private static double at(double[] rising, double share) {
        double rank = share * (rising.length - 1);
        int below = (int) rank;
        double part = rank - below;
        if (part == 0 || rising[below] == rising[below + 1]) {
            return rising[below]; // also where both are infinite
        }
        return rising[below] + part * (rising[below + 1] - rising[below]);
    }
}
