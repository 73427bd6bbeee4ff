package org.segvol.train;

import java.nio.file.Path;
import java.util.List;
import org.segvol.weights.ConfigHints;

/**
 * What a run is to do.
 *
 * @param weights where it starts
 * @param hints what a foreign checkpoint's shapes cannot tell
 * @param cases to train on
 * @param heldOut to choose the best weights on
 * @param regions folder of pseudo masks, or null
 * @param folder for what is written
 * @param vocabulary all structures of the data set, each with a text of its own
 * @param engine name
 * @param threads native threads, 0 for all cores
 */
record TrainingPlan(
        Path weights,
        ConfigHints hints,
        List<TrainingSource> cases,
        List<TrainingSource> heldOut,
        Path regions,
        Path folder,
        FineTuneOptions options,
        List<String> vocabulary,
        String engine,
        int threads) {

    /** Views of one epoch. */
    int viewsPerEpoch() {
        return count("views in an epoch", (long) cases.size() * options.viewsPerCase());
    }

    /** Updates of one epoch; the last one may be of fewer views than the others. */
    private long updatesPerEpoch() {
        return ((long) viewsPerEpoch() + options.accumulate() - 1) / options.accumulate();
    }

    /**
     * Updates of the whole run.
     *
     * @throws IllegalArgumentException when there are more than an int counts
     */
    int steps() {
        return count("updates", options.epochs() * updatesPerEpoch());
    }

    /** Steps before the next one of a run that has shown {@code visit} views of an epoch, counted from 0. */
    int stepsBefore(int epoch, int visit) {
        return Math.toIntExact(epoch * updatesPerEpoch() + (visit + options.accumulate() - 1L) / options.accumulate());
    }

    private static int count(String what, long found) {
        if (found > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("expected at most " + Integer.MAX_VALUE + " " + what + ", found " + found
                    + "; choose fewer epochs or fewer views of a case");
        }
        return (int) found;
    }

    /** The learning rate over the run. */
    LearningRate schedule() {
        int warmup = (int) Math.round(options.warmup() * steps());
        double highest = options.learningRate();
        return new LearningRate(highest, warmup, steps(), warmup == 0 ? highest : 0, options.finalRate() * highest);
    }
}
