package org.segvol.train;

/**
 * The learning rate over a run: linear warm-up, then half a cosine (spec 5.7).
 *
 * @param peak the highest rate
 * @param warmup steps of the warm-up
 * @param total steps of the whole run
 * @param start the rate of step 0
 * @param floor the rate that the cosine ends at
 */
public record LearningRate(double peak, int warmup, int total, double start, double floor) {
    /** The published schedule, in epochs: 0 to 1e-4 in ten, 500 in all. Its first epoch has rate 0. */
    public static final LearningRate PUBLISHED = new LearningRate(1e-4, 10, 500, 0, 0);

    /** Checks that rates and steps make sense. */
    public LearningRate {
        if (!(peak >= 0) || !(start >= 0) || !(floor >= 0) || warmup < 0 || total < 1 || warmup > total) {
            throw new IllegalArgumentException(
                    "rates must not be negative and the warm-up must not be longer than the run, found peak " + peak
                            + ", warm-up " + warmup + ", total " + total + ", start " + start + ", floor " + floor);
        }
    }

    /** The rate of a step, counted from 0. */
    public double at(int step) {
        if (step < warmup && warmup > 1) {
            return start + step * (peak - start) / (warmup - 1);
        }
        if (step <= warmup || total == warmup) {
            return peak;
        }
        double t = Math.min(1, (double) (step - warmup) / (total - warmup));
        return floor + 0.5 * (peak - floor) * (1 + Math.cos(Math.PI * t));
    }
}
