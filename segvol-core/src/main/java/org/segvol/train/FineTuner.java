package org.segvol.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.segvol.Engines;
import org.segvol.data.LabelledCase;
import org.segvol.data.PublishedCase;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.GradientEngine;
import org.segvol.layers.SegVolGradients;
import org.segvol.layers.SegVolNetwork;
import org.segvol.prompt.LabelPrompts;
import org.segvol.prompt.NetworkBox;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.text.ClipTokenizer;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.ConfigHints;
import org.segvol.weights.Converter;
import org.segvol.weights.DType;
import org.segvol.weights.Metadata;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;
import org.segvol.weights.SafetensorsFile;
import org.segvol.weights.SafetensorsWriter;

/**
 * Fine-tunes a model on labelled cases. Writes into a folder: {@code last.safetensors} and {@code best.safetensors}, models that everything
 * else in this library loads; {@code state.safetensors}, from which a run goes on as if it had not been interrupted, bit for bit with the
 * same number of threads; {@code adapters.safetensors} with low-rank adapters; {@code log.csv}, {@code epochs.json} and {@code curves.png}.
 *
 * <p>Memory: the weights, and for each trained value 12 bytes more; the intermediate results of one window in the image encoder if that is
 * trained; those of {@code batch} masks in the decoder; volumes of up to 2 GiB, others are read again when their turn comes.
 */
public final class FineTuner {
    private static final long KEPT_VOLUMES = 2L << 30;
    private static final String STATE = "state.safetensors";
    private static final String UPDATES = "segvol.updates";
    private static final String EPOCH = "segvol.epoch";
    private static final String VISIT = "segvol.visit";
    private static final String BEST = "segvol.best";
    private static final String OPTIONS = "segvol.options";
    private static final String LOSS_SUM = "segvol.epoch-sums";

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

    /** Chooses the engine by name, {@code auto} for the fastest that runs here, and its threads, 0 for all cores. */
    public FineTuner engine(String name, int threadCount) {
        this.engineName = name;
        this.threads = threadCount;
        return this;
    }

    /**
     * Adds the pseudo-label branch (spec 5.4): regions of each case that has some.
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
        return Files.exists(folder.resolve(STATE));
    }

    /** Updates of the whole run. */
    public int steps() {
        int views = options.epochs() * cases.size() * options.viewsPerCase();
        return (views + options.accumulate() - 1) / options.accumulate();
    }

    /**
     * Makes the run from its beginning.
     *
     * @return whether it came to its end; false when the listener stopped it
     * @throws IOException when a file cannot be read or written
     * @throws IllegalArgumentException when the model has no text vocabulary, or the folder holds a run already
     */
    public boolean run(FineTuneListener listener) throws IOException {
        Files.createDirectories(folder);
        if (isRun(folder)) {
            throw new IllegalArgumentException(folder + " holds a run already; resume it, or choose another folder");
        }
        return new Run(listener).go(false);
    }

    /**
     * Goes on with the run in the folder, from its last saved state.
     *
     * @return whether it came to its end
     * @throws IllegalArgumentException when there is none, or it was made with other options
     */
    public boolean resume(FineTuneListener listener) throws IOException {
        if (!isRun(folder)) {
            throw new IllegalArgumentException("there is no run in " + folder + " that could be resumed");
        }
        return new Run(listener).go(true);
    }

    /** One run, with everything that is open while it goes on. */
    private final class Run {
        private final FineTuneListener listener;
        private final Map<TrainingSource, TrainingCase> loaded = new LinkedHashMap<>(16, 0.75f, true);
        private final LearningRate schedule;
        private ModelConfig config;
        private Checkpoint checkpoint;
        private Learner learner;
        private SegVolGradients network;
        private GradientStep gradients;
        private ViewSampler views;
        private PromptSampler prompts;
        private EmbeddingCache cache;
        private Engine fastEngine;
        private SegVolNetwork fastNetwork;
        private RunLog log;
        private int epoch;
        private int visit;
        private double best;
        private double[] sums = new double[3]; // loss, Dice, steps of the epoch so far

        Run(FineTuneListener listener) {
            this.listener = listener;
            int steps = steps();
            int warmup = (int) Math.round(options.warmup() * steps);
            double floor = options.finalRate() * options.learningRate();
            this.schedule = new LearningRate(
                    options.learningRate(), warmup, steps, warmup == 0 ? options.learningRate() : 0, floor);
        }

        boolean go(boolean resumed) throws IOException {
            try (Checkpoint opened = Checkpoint.open(weights)) {
                checkpoint = opened;
                config = checkpoint.config(hints);
                ParameterTable table = ParameterTable.of(config);
                table.requireMatch(checkpoint);
                if (config.textVocabulary() != ClipTokenizer.VOCABULARY) {
                    throw new IllegalArgumentException("fine-tuning by words needs the " + ClipTokenizer.VOCABULARY
                            + " tokens of CLIP's vocabulary; this model has " + config.textVocabulary());
                }
                SortedSet<String> trained = ParameterChoice.of(table, options);
                try (GradientEngine engine = Engines.createGradients(engineName, checkpoint, trained, threads);
                        SegVolGradients parts = new SegVolGradients(config, engine)) {
                    network = parts;
                    learner = new Learner(table, engine, trained, options);
                    gradients = new GradientStep(
                            parts,
                            new GradientStep.Choices(
                                    ParameterChoice.trainsImages(trained),
                                    ParameterChoice.trainsTexts(trained),
                                    options.dice(),
                                    options.batch(),
                                    PromptSampler.CLICKS + 2));
                    views = new ViewSampler(config.window(), options);
                    prompts = new PromptSampler(config.window(), options, vocabulary);
                    cache = new EmbeddingCache(folder.resolve("embeddings"));
                    log = new RunLog(folder);
                    best = Double.NEGATIVE_INFINITY;
                    if (resumed) {
                        restore();
                    }
                    return loop();
                } finally {
                    closeFastEngine();
                }
            }
        }

        private boolean loop() throws IOException {
            int steps = steps(), perEpoch = cases.size() * options.viewsPerCase();
            long lastSaved = System.nanoTime();
            int step = Math.toIntExact(learner.updates());
            while (epoch < options.epochs()) {
                int[] order = new SplitMixChooser(mix(options.seed(), 1, epoch)).some(perEpoch, perEpoch);
                while (visit < perEpoch) {
                    long start = System.nanoTime();
                    Sums sum = new Sums();
                    int count = Math.min(options.accumulate(), perEpoch - visit);
                    for (int i = 0; i < count; i++) {
                        view(order[visit + i], visit + i, sum);
                    }
                    double rate = schedule.at(step);
                    double norm = learner.update(count, rate);
                    step++;
                    visit += count;
                    double seconds = (System.nanoTime() - start) / 1e9;
                    double done = log.seconds() + seconds;
                    FineTuneStep report = new FineTuneStep(
                            step,
                            steps,
                            epoch + 1,
                            sum.loss(),
                            sum.dice(),
                            rate,
                            norm,
                            seconds,
                            done / step * Math.max(0, steps - step));
                    log.add(report);
                    sums[0] += sum.loss();
                    sums[1] += Double.isNaN(sum.dice()) ? 0 : sum.dice();
                    sums[2]++;
                    listener.step(report);
                    if (!Double.isFinite(sum.loss())) {
                        throw new IllegalStateException("the loss is " + sum.loss() + " at step " + step
                                + "; resume from the last state with a lower learning rate, or clip gradients");
                    }
                    boolean stop = listener.stopped();
                    if (stop || (System.nanoTime() - lastSaved) / 6e10 >= options.checkpointMinutes()) {
                        saveState();
                        lastSaved = System.nanoTime();
                    }
                    if (stop) {
                        saveModel("last.safetensors");
                        return false;
                    }
                }
                endEpoch();
            }
            closeFastEngine();
            saveState();
            saveModel("last.safetensors");
            return true;
        }

        /** One view: its masks' losses into {@code sum}, their gradients to the learner. */
        private void view(int index, int position, Sums sum) throws IOException {
            TrainingCase of = open(cases.get(index / options.viewsPerCase()));
            SplitMixChooser random = new SplitMixChooser(mix(options.seed(), 2 + epoch, position));
            boolean frozen = options.trained() == FineTuneOptions.Trained.DECODER;
            View view = frozen ? fixedView(of, index % options.viewsPerCase()) : views.next(of, random);
            List<Request> requests = prompts.next(view, of.structures(), 0, random);
            if (requests.isEmpty()) {
                return; // a window without any structure, and no absent one asked for
            }
            List<Integer> used = requests.stream()
                    .map(Request::text)
                    .filter(text -> text >= 0)
                    .distinct()
                    .sorted()
                    .toList();
            List<int[]> texts = used.stream()
                    .map(text -> ClipTokenizer.bundled().encodePrompt(vocabulary.get(text)))
                    .toList();
            double weight = 1.0 / requests.size();
            List<Request> renumbered = new ArrayList<>();
            for (Request r : requests) {
                int text = r.text() < 0 ? -1 : used.indexOf(r.text());
                renumbered.add(new Request(r.image(), r.clicks(), r.box(), text, r.target(), weight));
            }
            renumbered.addAll(prompts.pseudo(view, 0, options.pseudoWeight(), random));
            GradientStep.Images images = frozen
                    ? new KeptTokens(List.of(tokens(of, index % options.viewsPerCase(), view)))
                    : new EncodedWindows(network, List.of(view.image()), learner.sink());
            GradientStep.Losses losses = gradients.run(images, texts, renumbered, learner.sink());
            sum.add(losses, renumbered);
        }

        /** With a frozen image encoder: view 0 is the whole volume, the others windows that are the same in every epoch. */
        private View fixedView(TrainingCase of, int number) {
            if (number == 0) {
                return views.zoomOut(of);
            }
            return views.fixedWindow(
                    of,
                    new SplitMixChooser(
                            mix(options.seed(), 0, of.source().name().hashCode() * 31L + number)));
        }

        private float[] tokens(TrainingCase of, int number, View view) throws IOException {
            Path image = of.source().image();
            String key = String.join(
                    "|",
                    checkpoint.sha256(),
                    image.toAbsolutePath().toString(),
                    Long.toString(Files.size(image)),
                    Files.getLastModifiedTime(image).toString(),
                    Integer.toString(number),
                    Long.toString(options.seed()),
                    options.resize().toString(),
                    Integer.toString(Arrays.hashCode(view.image())));
            return cache.get(key, () -> {
                if (fastNetwork == null) {
                    fastEngine = Engines.create(
                            engineName, checkpoint, new EngineOptions(EngineOptions.Precision.F32, threads));
                    fastNetwork = new SegVolNetwork(config, fastEngine);
                }
                return fastNetwork.encodeImage(view.image());
            });
        }

        private void closeFastEngine() {
            if (fastNetwork != null) {
                fastNetwork.close();
                fastEngine.close();
                fastNetwork = null;
                fastEngine = null;
            }
        }

        private TrainingCase open(TrainingSource source) throws IOException {
            TrainingCase known = loaded.get(source);
            if (known == null) {
                known = TrainingCase.load(source, pseudo, config);
                loaded.put(source, known);
                long bytes = 0;
                for (TrainingCase one : loaded.values()) {
                    bytes += one.bytes();
                }
                while (bytes > KEPT_VOLUMES && loaded.size() > 1) {
                    TrainingSource eldest = loaded.keySet().iterator().next();
                    bytes -= loaded.remove(eldest).bytes();
                }
            }
            return known;
        }

        private void endEpoch() throws IOException {
            closeFastEngine(); // every fixed view was encoded
            double validation = validate();
            double loss = sums[0] / Math.max(1, sums[2]), dice = sums[1] / Math.max(1, sums[2]);
            double score = Double.isNaN(validation) ? -loss : validation;
            boolean isBest = score > best;
            epoch++;
            visit = 0;
            sums = new double[3];
            FineTuneEpoch report = new FineTuneEpoch(epoch, loss, dice, validation, isBest);
            log.add(report);
            if (isBest) {
                best = score;
                saveModel("best.safetensors");
            }
            listener.epoch(report);
        }

        /** Mean Dice by text and box on the zoom-out views of the held-out cases. */
        private double validate() throws IOException {
            double sum = 0;
            int count = 0;
            for (TrainingSource source : heldOut) {
                TrainingCase of = open(source);
                View view = views.zoomOut(of);
                List<Request> requests = new ArrayList<>();
                List<int[]> texts = new ArrayList<>();
                for (Map.Entry<Integer, float[]> target : new TreeMap<>(view.targets()).entrySet()) {
                    byte[] mask = LabelPrompts.certain(target.getValue(), false);
                    NetworkBox box = LabelPrompts.box(mask, config.window());
                    texts.add(
                            ClipTokenizer.bundled().encodePrompt(of.structures().get(target.getKey())));
                    requests.add(new Request(0, null, box, texts.size() - 1, target.getValue(), 1));
                }
                for (double dice :
                        gradients.dice(network.images(List.of(view.image())).tokens(), texts, requests)) {
                    sum += dice;
                    count++;
                }
            }
            return count == 0 ? Double.NaN : sum / count;
        }

        private void saveModel(String name) throws IOException {
            Map<String, String> metadata = new TreeMap<>(Converter.metadata(config));
            metadata.put(Metadata.SOURCE_SHA256, checkpoint.sha256());
            SafetensorsWriter.write(learner.model(checkpoint), folder.resolve(name), DType.F32, metadata);
            listener.saved(folder.resolve(name));
            if (options.trained() == FineTuneOptions.Trained.LORA) {
                Path adapters = folder.resolve("adapters.safetensors");
                SafetensorsWriter.write(learner.adapters(), adapters, DType.F32, Map.of());
                listener.saved(adapters);
            }
        }

        private void saveState() throws IOException {
            Map<String, String> metadata = new TreeMap<>();
            metadata.put(UPDATES, Long.toString(learner.updates()));
            metadata.put(EPOCH, Integer.toString(epoch));
            metadata.put(VISIT, Integer.toString(visit));
            metadata.put(BEST, Double.toString(best));
            metadata.put(LOSS_SUM, sums[0] + " " + sums[1] + " " + sums[2]);
            metadata.put(OPTIONS, comparable(options));
            metadata.put(Metadata.SOURCE_SHA256, checkpoint.sha256());
            log.save();
            Path file = folder.resolve(STATE);
            SafetensorsWriter.write(learner.state(), file, DType.F32, metadata);
            listener.saved(file);
        }

        private void restore() throws IOException {
            try (SafetensorsFile state = SafetensorsFile.open(folder.resolve(STATE))) {
                Map<String, String> metadata = state.metadata();
                if (!comparable(options).equals(metadata.get(OPTIONS))) {
                    throw new IllegalArgumentException("the run in " + folder + " was made with other options: "
                            + metadata.get(OPTIONS) + ", now " + comparable(options));
                }
                if (!checkpoint.sha256().equals(metadata.get(Metadata.SOURCE_SHA256))) {
                    throw new IllegalArgumentException(
                            "the run in " + folder + " was started from other weights than " + weights);
                }
                long updates = Long.parseLong(metadata.get(UPDATES));
                learner.restore(state, updates);
                epoch = Integer.parseInt(metadata.get(EPOCH));
                visit = Integer.parseInt(metadata.get(VISIT));
                best = Double.parseDouble(metadata.get(BEST));
                String[] parts = metadata.get(LOSS_SUM).split(" ", -1);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] = Double.parseDouble(parts[i]);
                }
                log = RunLog.resume(folder, Math.toIntExact(updates), epoch);
            }
        }
    }

    /** Options without those that have no effect on the numbers. */
    private static String comparable(FineTuneOptions options) {
        return options.with(o -> o.checkpointMinutes = 1).toString();
    }

    private static long mix(long seed, long a, long b) {
        long z = seed * 0x9E3779B97F4A7C15L + a * 0xBF58476D1CE4E5B9L + b * 0x94D049BB133111EBL;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Tokens that were encoded before. */
    private record KeptTokens(List<float[]> tokens) implements GradientStep.Images {
        @Override
        public int count() {
            return tokens.size();
        }

        @Override
        public float[] tokens(int image) {
            return tokens.get(image);
        }

        @Override
        public void backward(List<float[]> gradients) {
            throw new IllegalStateException("the image encoder is frozen");
        }
    }

    /** Losses of a step. */
    private static final class Sums {
        private double loss;
        private double dice;
        private int masks;
        private int filled;

        void add(GradientStep.Losses losses, List<Request> requests) {
            for (int r = 0; r < requests.size(); r++) {
                loss += losses.loss()[r];
                masks++;
                if (requests.get(r).box() != null || requests.get(r).clicks() != null || hasAny(requests.get(r))) {
                    dice += 1 - losses.dice()[r];
                    filled++;
                }
            }
        }

        private static boolean hasAny(Request request) {
            for (float t : request.target()) {
                if (t > 0) {
                    return true;
                }
            }
            return false;
        }

        double loss() {
            return masks == 0 ? 0 : loss / masks;
        }

        double dice() {
            return filled == 0 ? Double.NaN : dice / filled;
        }
    }
}
