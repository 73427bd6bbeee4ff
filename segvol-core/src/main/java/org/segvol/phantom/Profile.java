package org.segvol.phantom;

/** A smooth function of one coordinate in mm, given by its values at some places; constant beyond the first and the last. */
final class Profile {
    private static final int LOW = -360;
    private static final int HIGH = 360;
    private static final int ROUNDING = 12;

    private final double[] values = new double[HIGH - LOW + 1];

    /** From pairs of place and value, places rising. */
    Profile(double... pairs) {
        double[] straight = new double[values.length];
        for (int n = 0; n < straight.length; n++) {
            straight[n] = straight(pairs, LOW + n);
        }
        for (int n = 0; n < values.length; n++) {
            double sum = 0;
            for (int m = n - ROUNDING; m <= n + ROUNDING; m++) {
                sum += straight[Math.min(Math.max(m, 0), straight.length - 1)];
            }
            values[n] = sum / (2 * ROUNDING + 1);
        }
    }

    private static double straight(double[] pairs, double at) {
        int n = 0;
        while (n + 2 < pairs.length && pairs[n + 2] <= at) {
            n += 2;
        }
        if (at <= pairs[0] || n + 2 >= pairs.length) {
            return at <= pairs[0] ? pairs[1] : pairs[pairs.length - 1];
        }
        double part = (at - pairs[n]) / (pairs[n + 2] - pairs[n]);
        return pairs[n + 1] + part * (pairs[n + 3] - pairs[n + 1]);
    }

    double at(double place) {
        double t = place - LOW;
        if (t <= 0) {
            return values[0];
        }
        int n = (int) t;
        return n >= values.length - 1 ? values[values.length - 1] : values[n] + (t - n) * (values[n + 1] - values[n]);
    }

    double largest() {
        double most = values[0];
        for (double v : values) {
            most = Math.max(most, v);
        }
        return most;
    }
}
