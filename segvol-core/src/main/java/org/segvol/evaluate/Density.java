package org.segvol.evaluate;

/**
 * How dense a sample of values from 0 to 1 lies: a sum of Gaussian bells of Silverman's width, reflected at 0 and 1 so that nothing is lost
 * outside, and cut at the smallest and largest value.
 *
 * @param from smallest value
 * @param to largest value
 * @param heights relative density at evenly spaced places from {@code from} to {@code to}; the largest is 1
 */
record Density(double from, double to, double[] heights) {
    private static final int PLACES = 101;
    /** Bells are never narrower than this, so that a sample of equal values has a visible shape. */
    private static final double NARROWEST = 0.006;

    static Density of(double[] sample) {
        double from = 1, to = 0, mean = 0;
        for (double value : sample) {
            from = Math.min(from, value);
            to = Math.max(to, value);
            mean += value / sample.length;
        }
        double width = width(sample, mean);
        double[] heights = new double[PLACES];
        double highest = 0;
        for (int n = 0; n < PLACES; n++) {
            double at = from + (to - from) * n / (PLACES - 1);
            for (double value : sample) {
                heights[n] += bell(at - value, width) + bell(at + value, width) + bell(at + value - 2, width);
            }
            highest = Math.max(highest, heights[n]);
        }
        for (int n = 0; n < PLACES; n++) {
            heights[n] /= highest;
        }
        return new Density(from, to, heights);
    }

    private static double bell(double distance, double width) {
        double x = distance / width;
        return Math.exp(-x * x / 2);
    }

    /** Silverman's rule: 0.9 min(deviation, quartile range / 1.34) n^(-1/5). */
    private static double width(double[] sample, double mean) {
        double squares = 0;
        for (double value : sample) {
            squares += (value - mean) * (value - mean);
        }
        double deviation = Math.sqrt(squares / Math.max(1, sample.length - 1));
        Quartiles quartiles = Quartiles.of(sample);
        double range = (quartiles.upper() - quartiles.lower()) / 1.34;
        double spread = range > 0 ? Math.min(deviation, range) : deviation;
        return Math.max(NARROWEST, 0.9 * spread * Math.pow(sample.length, -0.2));
    }
}
