package org.segvol.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.segvol.data.LabelledCase;
import org.segvol.data.PublishedCase;
import org.segvol.layers.EngineOptions;
import org.segvol.weights.ConfigHints;

/**
 * Fine-tunes a model on labelled cases. Writes into a folder: {@code last.safetensors} and {@code best.safetensors}, models that everything
 * else in this library loads; {@code state.safetensors}, from which a run goes on as if it had not been interrupted, bit for bit with the
 * same number of threads; {@code adapters.safetensors} with low-rank adapters; {@code log.csv}, {@code epochs.json} and {@code curves.png}.
 *
 * <p>Memory: the weights, and for each trained value 12 bytes more; the intermediate results of one window in the image encoder if that is
 * trained; those of {@code batch} masks in the decoder; volumes of up to 2 GiB, others are read again when their turn comes.
 */
public final class FineTuner {
    private final Path weights;
    private final List<TrainingSource> cases;
    private final List<TrainingSource> heldOut;
    private final Path folder;
    private final FineTuneOptions options;
    private final List<String> vocabulary;
    private String engineName = "auto";
    private int threads;
    private ConfigHints hints = ConfigHints.NONE;
    private Path pseudo;

    /**
     * A run that is to be made.
     *
     * @param weights a checkpoint of any released format
     * @param cases labelled cases; the last {@link FineTuneOptions#validation} of them are held out
     * @param folder for everything that is written; made when it is missing
     */
    public FineTuner(Path weights, List<LabelledCase> cases, Path folder, FineTuneOptions options) {
        this(
                weights,
                folder,
                options,
                cases.stream().<TrainingSource>map(TrainingSource.Nifti::new).toList());
    }

    /**
     * A run that is to be made on a data set in the published layout, with its pseudo masks where it has some.
     *
     * @param weights a checkpoint of any released format
     * @param cases the last {@link FineTuneOptions#validation} of them are held out
     * @param folder for everything that is written; made when it is missing
     */
    public static FineTuner published(Path weights, List<PublishedCase> cases, Path folder, FineTuneOptions options) {
        return new FineTuner(
                weights,
                folder,
                options,
                cases.stream().<TrainingSource>map(TrainingSource.Numpy::new).toList());
    }

    private FineTuner(Path weights, Path folder, FineTuneOptions options, List<TrainingSource> cases) {
        if (cases.size() <= options.validation()) {
            throw new IllegalArgumentException("of " + cases.size() + " cases " + options.validation()
                    + " are to be held out, so none is left to train on; add cases or hold out fewer");
        }
        this.weights = weights;
        this.cases = List.copyOf(cases.subList(0, cases.size() - options.validation()));
        this.heldOut = List.copyOf(cases.subList(cases.size() - options.validation(), cases.size()));
        this.folder = folder;
        this.options = options;
        LinkedHashSet<String> names = new LinkedHashSet<>();
        cases.forEach(one -> names.addAll(one.names().values()));
        this.vocabulary = List.copyOf(names);
    }

    /**
     * Chooses the engine by name, {@code auto} for the fastest that runs here, and its threads, 0 for all cores.
     *
     * @throws IllegalArgumentException when the number of threads is negative or above {@link EngineOptions#MOST_THREADS}
     */
    public FineTuner engine(String name, int threadCount) {
        EngineOptions.requireThreads(threadCount);
        this.engineName = name;
        this.threads = threadCount;
        return this;
    }

    /**
     * Adds the pseudo-label branch (spec 5.4): regions of each case that has some; at least one must. A data set in the published layout brings its
     * own.
     *
     * @param regions a folder with {@code CASE.nii.gz} in the CT's grid, region n as n + 1, as {@code segvol pseudo-masks} writes it
     */
    public FineTuner pseudoMasks(Path regions) {
        this.pseudo = regions;
        return this;
    }

    /** What a foreign checkpoint's shapes cannot tell. */
    public FineTuner hints(ConfigHints value) {
        this.hints = value;
        return this;
    }

    /** Whether a folder holds a run's state, so that a run in it can only be resumed. */
    public static boolean isRun(Path folder) {
        return Files.exists(folder.resolve(TrainingRun.STATE));
    }

    /** Updates of the whole run. */
    public int steps() {
        return plan().steps();
    }

    /**
     * Makes the run from its beginning.
     *
     * @return whether it came to its end; false when the listener stopped it
     * @throws IOException when a file cannot be read or written
     * @throws IllegalArgumentException when the model has no text vocabulary, the folder holds a run already or the run would replace {@code weights}, the
     *     folder of regions has none for the cases, or no case has a voxel of a structure that is named, which is known after an epoch
     */
    public boolean run(FineTuneListener listener) throws IOException {
        requireRegions(listener);
        Files.createDirectories(folder);
        if (isRun(folder)) {
            throw new IllegalArgumentException(folder + " holds a run already; resume it, or choose another folder");
        }
        requireKeptWeights();
        return new TrainingRun(plan(), listener).go(false);
    }

    /**
     * Goes on with the run in the folder, from its last saved state.
     *
     * @return whether it came to its end
     * @throws IllegalArgumentException when there is none, it was made with other options, weights or data, or the folder of regions has none for the
     *     cases
     */
    public boolean resume(FineTuneListener listener) throws IOException {
        if (!isRun(folder)) {
            throw new IllegalArgumentException("there is no run in " + folder + " that could be resumed");
        }
        requireKeptWeights();
        requireRegions(listener);
        return new TrainingRun(plan(), listener).go(true);
    }

    /** Refuses weights that the run would replace: it could not be resumed without them. */
    private void requireKeptWeights() throws IOException {
        for (String name : TrainingRun.MODELS) {
            Path file = folder.resolve(name);
            if (Files.exists(file) && Files.exists(weights) && Files.isSameFile(file, weights)) {
                throw new IllegalArgumentException("expected weights that the run does not replace, found " + weights
                        + ", which is its " + name + "; start from it in another folder, or resume a run with the"
                        + " weights that it started from");
            }
        }
    }

    /** Refuses a folder of regions that has none for the cases. */
    private void requireRegions(FineTuneListener listener) {
        if (pseudo == null) {
            return;
        }
        List<Path> files = cases.stream()
                .map(one -> one.regionsIn(pseudo))
                .filter(Objects::nonNull)
                .toList();
        if (files.isEmpty()) {
            throw new IllegalArgumentException("a data set in the published layout brings regions of its own, found the"
                    + " folder " + pseudo + " beside it; leave it out");
        }
        if (!Files.isDirectory(pseudo)) {
            throw new IllegalArgumentException(
                    pseudo + ": expected a folder of regions, found " + (Files.exists(pseudo) ? "a file" : "nothing"));
        }
        long found = files.stream().filter(Files::isRegularFile).count();
        if (found == 0) {
            throw new IllegalArgumentException(pseudo + ": expected regions of the cases to train on, such as "
                    + files.get(0).getFileName() + ", found none; make them with segvol pseudo-masks");
        }
        if (found < cases.size()) {
            listener.note("regions for " + found + " of " + cases.size() + " cases in " + pseudo);
        }
    }

    private TrainingPlan plan() {
        return new TrainingPlan(
                weights, hints, cases, heldOut, pseudo, folder, options, vocabulary, engineName, threads);
    }
}
