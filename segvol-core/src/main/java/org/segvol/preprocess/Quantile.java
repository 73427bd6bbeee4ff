package org.segvol.preprocess;

/** Linear interpolation between order statistics (spec 3.4). */
final class Quantile {
    private Quantile() {}

    /** Numbers by their rank in rising order, counted from 0. */
    @FunctionalInterface
    interface Ranked {
        float at(int rank);
    }

    /** The number at rank {@code (count - 1) * q}, in double on float32 numbers as the published programs compute it. */
    static double of(double q, int count, Ranked numbers) {
        double rank = (count - 1) * q;
        int low = (int) Math.floor(rank), high = Math.min(low + 1, count - 1);
        float a = numbers.at(low), b = numbers.at(high);
        double t = rank - low, difference = b - a;
        return t >= 0.5 ? b - difference * (1 - t) : a + difference * t;
    }
}
