package org.segvol.train;

/**
 * One update of the weights.
 *
 * @param step counted from 1
 * @param steps of the whole run
 * @param epoch counted from 1
 * @param loss mean over the masks asked for
 * @param dice mean of 1 - dice loss over masks that are not empty, or NaN when all are
 * @param rate learning rate
 * @param norm of the gradient before clipping
 * @param seconds that it took
 * @param secondsLeft of the run, from the mean so far
 */
public record FineTuneStep(
        int step,
        int steps,
        int epoch,
        double loss,
        double dice,
        double rate,
        double norm,
        double seconds,
        double secondsLeft) {}
