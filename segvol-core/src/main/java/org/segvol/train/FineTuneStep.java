package org.segvol.train;

/**
 * One step: an update of the weights, or none when its views asked for nothing.
 *
 * @param step counted from 1
 * @param steps of the whole run
 * @param epoch counted from 1
 * @param loss mean over the masks asked for, or NaN without any
 * @param dice mean of 1 - dice loss over masks that are not empty, or NaN without any
 * @param rate learning rate
 * @param norm of the gradient before clipping, 0 without masks
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
