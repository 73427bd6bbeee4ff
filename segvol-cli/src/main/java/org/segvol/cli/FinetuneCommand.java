package org.segvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.segvol.data.LabelledCases;
import org.segvol.data.PublishedDataSet;
import org.segvol.train.FineTuneEpoch;
import org.segvol.train.FineTuneListener;
import org.segvol.train.FineTuneOptions;
import org.segvol.train.FineTuneStep;
import org.segvol.train.FineTuner;
import org.segvol.train.FreshModel;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.ConfigFile;
import org.segvol.weights.ModelConfig;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Fine-tunes weights on labelled data. */
@Command(
        name = "finetune",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Fine-tunes weights on CTs with labels, or trains a model from scratch.",
            "Writes last.safetensors and best.safetensors, which every other command takes, and state.safetensors, from which --resume goes"
                    + " on as if there had been no interruption; log.csv, epochs.json and curves.png show the course."
        },
        footer = {
            "",
            "DATA is a folder with CASE/ct.nii.gz and CASE/labels.nii.gz, a folder of nnU-Net (imagesTr, labelsTr, dataset.json), or a",
            "JSON list [{\"image\": \"ct.nii.gz\", \"label\": \"labels.nii.gz\", \"names\": {\"1\": \"liver\"}}],",
            "or a folder in the published layout (CODE/CODE.json), which brings its pseudo masks along.",
            "",
            "Example:  segvol finetune --data cases -w segvol.safetensors -o run --train decoder --epochs 20",
            "Ctrl-C saves the state; the same command with --resume goes on."
        })
final class FinetuneCommand implements Callable<Integer> {
    /** Exit code of a run that was stopped, as shells have it for Ctrl-C. */
    private static final int STOPPED = 130;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true, paramLabel = "DATA", description = "Labelled cases, see below.")
    private Path data;

    @ArgGroup(multiplicity = "1")
    private Start start;

    /** Where training starts. */
    private static final class Start {
        @Option(
                names = {"-w", "--weights"},
                paramLabel = "WEIGHTS",
                description = "The checkpoint to start from, of any released format.")
        private Path weights;

        @Option(
                names = "--from-scratch",
                paramLabel = "CONFIG",
                description = "Start with fresh weights of this configuration: a JSON file, or the name demo.")
        private String config;
    }

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for everything that is written; made when it is missing.")
    private Path out;

    @Option(
            names = "--train",
            paramLabel = "WHAT",
            description =
                    "all; decoder: prompt encoder and mask decoder, views are encoded once and kept on disk; lora: the same with low-rank"
                            + " adapters on the image encoder's attention (default: decoder, all from scratch).")
    private String trained;

    @Option(
            names = "--train-text",
            paramLabel = "WHAT",
            description = "nothing, projection or all of the text encoder (default: projection, all from scratch).")
    private String text;

    @Option(
            names = "--recipe",
            defaultValue = "corrected",
            description = "corrected or published (default: corrected).")
    private String recipe;

    @Option(names = "--epochs", paramLabel = "N", description = "Visits of every case (default: 10).")
    private Integer epochs;

    @Option(
            names = "--views",
            paramLabel = "N",
            description = "Views of a case in one visit, each a step (default: 4).")
    private Integer views;

    @Option(names = "--organs", paramLabel = "N", description = "Structures asked of one view (default: 4).")
    private Integer organs;

    @Option(names = "--masks", paramLabel = "N", description = "Prompt mixes asked of each, 1 to 6 (default: 6, all).")
    private Integer masks;

    @Option(
            names = "--absent",
            paramLabel = "P",
            description = "Chance of asking for a structure that is not in the view (default: 0).")
    private Double absent;

    @Option(
            names = "--focus",
            paramLabel = "P",
            description = "Chance that the structure that a window shows is among those asked (default: 0).")
    private Double focus;

    @Option(
            names = "--smallest",
            paramLabel = "P",
            description = "Chance that a view's smallest structure is among those asked (default: 0).")
    private Double smallest;

    @Option(
            names = "--small-windows",
            paramLabel = "P",
            description = "Chance that a window that shows a structure shows its case's smallest (default: 0).")
    private Double smallWindows;

    @Option(
            names = "--extra-clicks",
            paramLabel = "N",
            description = "The most clicks inside and outside beyond a prompt's first (default: 10).")
    private Integer extraClicks;

    @Option(
            names = "--box-error",
            paramLabel = "P",
            description = "How far boxes may be off in windows, as a share of their side (default: 0).")
    private Double boxError;

    @Option(
            names = "--beta2",
            paramLabel = "X",
            description = "Adam's decay of squared gradients, below 1 (default: 0.999).")
    private Double beta2;

    @Option(
            names = "--zoom-out",
            paramLabel = "P",
            description = "Chance that a view is the whole volume, not a window (default: 0.5).")
    private Double zoomOut;

    @Option(
            names = "--regions",
            paramLabel = "P",
            description =
                    "Chance that a window is one that zooming in on a structure would show (default: 0.5 of the windows).")
    private Double regions;

    @Option(
            names = "--pseudo",
            paramLabel = "DIR",
            description = "Regions that segvol pseudo-masks made of the CTs, for the pseudo-label branch.")
    private Path pseudo;

    @Option(names = "--rate", paramLabel = "X", description = "Highest learning rate (default: 1e-4).")
    private Double rate;

    @Option(names = "--decay", paramLabel = "X", description = "Weight decay (default: 1e-5).")
    private Double decay;

    @Option(names = "--clip", paramLabel = "X", description = "Largest gradient norm, 0 for none (default: 1).")
    private Double clip;

    @Option(names = "--accumulate", paramLabel = "N", description = "Views for one update (default: 1).")
    private Integer accumulate;

    @Option(names = "--rank", paramLabel = "N", description = "Rank of the adapters of --train lora (default: 8).")
    private Integer rank;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Masks decoded at once; more is faster and needs more memory (default: 2).")
    private Integer batch;

    @Option(names = "--flip", paramLabel = "P", description = "Chance of mirroring along each axis (default: 0).")
    private Double flip;

    @Option(
            names = "--validation",
            paramLabel = "N",
            description = "Hold out the last N cases to choose the best weights (default: 0, the lowest loss is best).")
    private Integer validation;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of everything random (default: 1).")
    private Long seed;

    @Option(names = "--save-every", paramLabel = "MINUTES", description = "How often the state is saved (default: 10).")
    private Double saveEvery;

    @Option(names = "--resume", description = "Go on with the run in DIR.")
    private boolean resume;

    @Option(names = "--engine", defaultValue = "auto", description = "auto, onednn or samediff (default: auto).")
    private String engine;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Native threads (default: all cores).")
    private int threads;

    @Mixin
    private ProgressArguments progress = new ProgressArguments();

    @Override
    public Integer call() throws Exception {
        FineTuneOptions options = options();
        Files.createDirectories(out);
        Path weights = start.weights;
        if (start.config != null) {
            weights = out.resolve("fresh.safetensors");
            requireSameConfig(weights);
            if (!resume && !FineTuner.isRun(out)) { // else the weights that the run started from would be lost
                FreshModel.write(config(start.config), options.seed(), weights);
            }
        }
        PrintWriter err = spec.commandLine().getErr();
        FineTuner tuner = (PublishedDataSet.isOne(data)
                        ? FineTuner.published(weights, PublishedDataSet.training(data), out, options)
                        : new FineTuner(weights, LabelledCases.read(data), out, options))
                .engine(engine, threads)
                .pseudoMasks(pseudo);
        Watch watch = new Watch(err, progress.quiet(), progress.of(spec));
        Thread hook = new Thread(watch::interrupt, "segvol-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            boolean ended = resume ? tuner.resume(watch) : tuner.run(watch);
            watch.finish();
            if (!ended) {
                err.println("segvol: stopped; the state is in " + out + ", --resume goes on");
                return STOPPED;
            }
            spec.commandLine().getOut().println(out.resolve("last.safetensors"));
            return 0;
        } catch (IOException | RuntimeException e) {
            if (!watch.interrupted()) {
                throw e;
            }
            watch.finish(); // what is said later is lost: the JVM ends when the watch does
            CommandLine line = spec.commandLine();
            return line.getExecutionExceptionHandler().handleExecutionException(e, line, null);
        } finally {
            watch.ended();
            if (!watch.interrupted()) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    /** A resumed run goes on with the fresh weights that it started from, so another configuration would be overlooked. */
    private void requireSameConfig(Path fresh) throws IOException {
        if (!resume || !Files.exists(fresh)) {
            return;
        }
        try (Checkpoint checkpoint = Checkpoint.open(fresh)) {
            ModelConfig started = checkpoint.config(), given = config(start.config);
            if (!started.equals(given)) {
                throw new IllegalArgumentException("the run in " + out + " was started from scratch with another"
                        + " configuration than " + start.config + ": then " + started + ", now " + given
                        + "; resume it with the one that it started with, or choose another folder");
            }
        }
    }

    private ModelConfig config(String given) throws IOException {
        Path file = Path.of(given);
        if (Files.exists(file)) {
            return ConfigFile.read(file);
        }
        if (given.equals("demo")) {
            return FreshModel.DEMO;
        }
        throw new ParameterException(
                spec.commandLine(), "--from-scratch takes a JSON file or the name demo, found " + given);
    }

    private FineTuneOptions options() {
        FineTuneOptions base =
                switch (recipe) {
                    case "corrected" -> FineTuneOptions.DEFAULT;
                    case "published" -> FineTuneOptions.PUBLISHED;
                    default ->
                        throw new ParameterException(
                                spec.commandLine(), "--recipe is corrected or published, found " + recipe);
                };
        boolean scratch = start.config != null;
        return base.with(o -> {
            if (scratch || trained != null) {
                o.trained = choice(FineTuneOptions.Trained.class, "--train", trained == null ? "all" : trained);
            }
            if (scratch || text != null) {
                o.text = choice(FineTuneOptions.TrainedText.class, "--train-text", text == null ? "all" : text);
            }
            o.epochs = or(epochs, o.epochs);
            o.viewsPerCase = or(views, o.viewsPerCase);
            o.organsPerStep = or(organs, o.organsPerStep);
            o.masksPerOrgan = or(masks, o.masksPerOrgan);
            o.absent = or(absent, o.absent);
            o.pseudoWeight = pseudo == null && !PublishedDataSet.isOne(data) ? 0 : o.pseudoWeight;
            o.focus = or(focus, o.focus);
            o.smallest = or(smallest, o.smallest);
            o.smallWindows = or(smallWindows, o.smallWindows);
            o.extraClicks = or(extraClicks, o.extraClicks);
            o.boxError = or(boxError, o.boxError);
            o.beta2 = or(beta2, o.beta2);
            o.zoomOut = or(zoomOut, o.zoomOut);
            o.regions = or(regions, o.regions);
            o.learningRate = or(rate, o.learningRate);
            o.decay = or(decay, o.decay);
            o.clip = or(clip, o.clip);
            o.accumulate = or(accumulate, o.accumulate);
            o.rank = or(rank, o.rank);
            o.batch = or(batch, o.batch);
            o.flip = or(flip, o.flip);
            o.validation = or(validation, o.validation);
            o.seed = or(seed, o.seed);
            o.checkpointMinutes = or(saveEvery, o.checkpointMinutes);
        });
    }

    private static <T> T or(T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    private <T extends Enum<T>> T choice(Class<T> type, String option, String word) {
        for (T value : type.getEnumConstants()) {
            if (value.name().equalsIgnoreCase(word)) {
                return value;
            }
        }
        String known = String.join(
                ", ",
                Arrays.stream(type.getEnumConstants())
                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                        .toList());
        throw new ParameterException(spec.commandLine(), option + " is one of " + known + ", found " + word);
    }

    /** Shows progress, and stops the run after the step in progress when the JVM is asked to end. */
    private static final class Watch implements FineTuneListener {
        private final ConsoleProgress progress;
        private final PrintWriter err;
        private final boolean quiet;
        private volatile boolean stop;
        private boolean done;

        Watch(PrintWriter err, boolean quiet, ConsoleProgress progress) {
            this.err = err;
            this.quiet = quiet;
            this.progress = progress;
        }

        @Override
        public void step(FineTuneStep step) {
            String text = String.format(
                    Locale.ROOT,
                    "epoch %d, loss %.3f, Dice %.3f, %.2f s a step",
                    step.epoch(),
                    step.loss(),
                    step.dice(),
                    step.seconds());
            progress.update(text, step.step(), step.steps());
        }

        @Override
        public void epoch(FineTuneEpoch epoch) {
            if (!quiet && !Double.isNaN(epoch.validationDice())) {
                progress.finish();
                err.println(String.format(
                        Locale.ROOT,
                        "epoch %d: loss %.4f, Dice %.4f, held-out Dice %.4f%s",
                        epoch.epoch(),
                        epoch.loss(),
                        epoch.dice(),
                        epoch.validationDice(),
                        epoch.best() ? ", the best so far" : ""));
            }
        }

        @Override
        public void note(String sentence) {
            if (!quiet) {
                progress.finish();
                err.println("segvol: " + sentence);
            }
        }

        @Override
        public boolean stopped() {
            return stop;
        }

        boolean interrupted() {
            return stop;
        }

        /** Ends the line of progress. */
        void finish() {
            progress.finish();
        }

        /** The run has ended and everything is written and said. */
        synchronized void ended() {
            done = true;
            notifyAll();
        }

        /** Called while the JVM goes down: waits until the state is saved. */
        synchronized void interrupt() {
            stop = true;
            try {
                while (!done) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
