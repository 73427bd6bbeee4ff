package org.segvol.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.segvol.Engines;
import org.segvol.layers.GradientEngine;
import org.segvol.layers.SegVolGradients;
import org.segvol.prompt.LabelPrompts;
import org.segvol.prompt.NetworkBox;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.text.ClipTokenizer;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.Converter;
import org.segvol.weights.DType;
import org.segvol.weights.Metadata;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;
import org.segvol.weights.SafetensorsFile;
import org.segvol.weights.SafetensorsWriter;

/** One run of a {@link FineTuner}, with everything that is open while it goes on. */
final class TrainingRun {
    static final String STATE = "state.safetensors";
    private static final String LAST = "last.safetensors";
    private static final String BEST = "best.safetensors";
    static final List<String> MODELS = List.of(LAST, BEST);

    private final TrainingPlan plan;
    private final FineTuneOptions options;
    private final FineTuneListener listener;
    private final LearningRate schedule;
    private TrainingData data;
    private ModelConfig config;
    private Checkpoint checkpoint;
    private Learner learner;
    private SegVolGradients network;
    private GradientStep gradients;
    private ViewSampler views;
    private PromptSampler prompts;
    private CaseShelf cases;
    private FrozenViews frozen; // null when the image encoder is trained
    private RunLog log;
    private final Set<String> bare = new HashSet<>(); // cases of which it was said that they have no structure
    private int epoch;
    private int visit;
    private double best = Double.NEGATIVE_INFINITY;
    private double[] sums = new double[4]; // of the epoch so far, as RunState has them

    TrainingRun(TrainingPlan plan, FineTuneListener listener) {
        this.plan = plan;
        this.options = plan.options();
        this.listener = listener;
        this.schedule = plan.schedule();
    }

    /** Whether the run came to its end. */
    boolean go(boolean resumed) throws IOException {
        data = TrainingData.of(plan);
        try (Checkpoint opened = Checkpoint.open(plan.weights())) {
            checkpoint = opened;
            config = checkpoint.config(plan.hints());
            ParameterTable table = ParameterTable.of(config);
            table.requireMatch(checkpoint);
            if (config.textVocabulary() != ClipTokenizer.VOCABULARY) {
                throw new IllegalArgumentException("fine-tuning by words needs the " + ClipTokenizer.VOCABULARY
                        + " tokens of CLIP's vocabulary; this model has " + config.textVocabulary());
            }
            SortedSet<String> trained = ParameterChoice.of(table, options);
            try (GradientEngine engine = Engines.createGradients(plan.engine(), checkpoint, trained, plan.threads());
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
                                PromptSampler.clicks(options) + 2));
                views = new ViewSampler(config.window(), options);
                prompts = new PromptSampler(config.window(), options, plan.vocabulary());
                cases = new CaseShelf(config, plan.regions());
                log = new RunLog(plan.folder());
                if (options.trained() == FineTuneOptions.Trained.DECODER) {
                    frozen = new FrozenViews(plan, checkpoint, config, views);
                }
                if (resumed) {
                    restore();
                }
                return loop();
            } finally {
                freeEncoder();
            }
        }
    }

    private void freeEncoder() {
        if (frozen != null) {
            frozen.close();
        }
    }

    private boolean loop() throws IOException {
        int steps = plan.steps(), perEpoch = plan.viewsPerEpoch();
        long lastSaved = System.nanoTime();
        int step = plan.stepsBefore(epoch, visit); // not the updates: a step that asks nothing makes none
        while (epoch < options.epochs()) {
            int[] order = new SplitMixChooser(Seeds.mix(options.seed(), 1, epoch)).some(perEpoch, perEpoch);
            while (visit < perEpoch) {
                update(step++, steps, order);
                boolean stop = listener.stopped();
                if (stop || (System.nanoTime() - lastSaved) / 6e10 >= options.checkpointMinutes()) {
                    saveState();
                    lastSaved = System.nanoTime();
                }
                if (stop) {
                    saveModel(LAST);
                    return false;
                }
            }
            endEpoch();
        }
        freeEncoder();
        saveState();
        saveModel(LAST);
        return true;
    }

    /** The views of one update, then the update. */
    private void update(int step, int steps, int[] order) throws IOException {
        long start = System.nanoTime();
        StepSums sum = new StepSums();
        int count = Math.min(options.accumulate(), order.length - visit);
        for (int i = 0; i < count; i++) {
            view(order[visit + i], visit + i, sum);
        }
        double rate = schedule.at(step);
        double norm = sum.isEmpty() ? 0 : learner.update(count, rate);
        visit += count;
        double seconds = (System.nanoTime() - start) / 1e9, done = log.seconds() + seconds;
        FineTuneStep report = new FineTuneStep(
                step + 1,
                steps,
                epoch + 1,
                sum.loss(),
                sum.dice(),
                rate,
                norm,
                seconds,
                done / (step + 1) * Math.max(0, steps - step - 1));
        log.add(report);
        if (!sum.isEmpty()) {
            sums[0] += sum.loss();
            sums[2]++;
        }
        if (!Double.isNaN(sum.dice())) {
            sums[1] += sum.dice();
            sums[3]++;
        }
        listener.step(report);
        if (!sum.isEmpty() && !Double.isFinite(sum.loss())) {
            throw new IllegalStateException("the loss is " + sum.loss() + " at step " + (step + 1)
                    + "; resume from the last state with a lower learning rate, or clip gradients");
        }
    }

    /** One view: its masks' losses into {@code sum}, their gradients to the learner. */
    private void view(int index, int position, StepSums sum) throws IOException {
        int number = index % options.viewsPerCase();
        TrainingCase of = cases.open(plan.cases().get(index / options.viewsPerCase()));
        if (of.structures().isEmpty() && bare.add(of.source().name())) {
            listener.note("case " + of.source().name() + " has no voxel of a structure that is named");
        }
        SplitMixChooser random = new SplitMixChooser(Seeds.mix(options.seed(), 2 + epoch, position));
        View view = frozen == null ? views.next(of, random) : frozen.view(of, number);
        List<Request> requests = prompts.next(view, of.source().names(), 0, random);
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
                .map(text ->
                        ClipTokenizer.bundled().encodePrompt(plan.vocabulary().get(text)))
                .toList();
        double weight = 1.0 / requests.size();
        List<Request> renumbered = new ArrayList<>();
        for (Request r : requests) {
            int text = r.text() < 0 ? -1 : used.indexOf(r.text());
            renumbered.add(new Request(r.image(), r.clicks(), r.box(), text, r.target(), weight));
        }
        renumbered.addAll(prompts.pseudo(view, 0, options.pseudoWeight(), random));
        GradientStep.Images images = frozen == null
                ? new EncodedWindows(network, List.of(view.image()), learner.sink())
                : frozen.tokens(of, number, view);
        sum.add(gradients.run(images, texts, renumbered, learner.sink()), renumbered);
    }

    private void endEpoch() throws IOException {
        if (sums[3] == 0) { // no view showed a structure
            requireStructures();
        }
        freeEncoder(); // every fixed view was encoded
        double validation = validate();
        double loss = sums[0] / sums[2], dice = sums[1] / sums[3]; // NaN where no step says anything
        double score = Double.isNaN(validation) ? -loss : validation;
        boolean isBest = score > best;
        epoch++;
        visit = 0;
        sums = new double[4];
        FineTuneEpoch report = new FineTuneEpoch(epoch, loss, dice, validation, isBest);
        log.add(report);
        if (isBest) {
            best = score;
            saveModel(BEST);
        }
        listener.epoch(report);
    }

    private void requireStructures() throws IOException {
        for (TrainingSource source : plan.cases()) {
            if (!cases.open(source).structures().isEmpty()) {
                return;
            }
        }
        throw new IllegalArgumentException("none of the " + plan.cases().size()
                + " cases to train on has a voxel of a structure that is named; compare their label values with the"
                + " names: " + plan.vocabulary());
    }

    /** Mean Dice by text and box on the zoom-out views of the held-out cases; NaN without any. */
    private double validate() throws IOException {
        double sum = 0;
        int count = 0;
        for (TrainingSource source : plan.heldOut()) {
            TrainingCase of = cases.open(source);
            View view = views.zoomOut(of);
            List<Request> requests = new ArrayList<>();
            List<int[]> texts = new ArrayList<>();
            for (Map.Entry<Integer, float[]> target : view.targets().entrySet()) {
                NetworkBox box = LabelPrompts.box(target.getValue(), config.window());
                texts.add(ClipTokenizer.bundled().encodePrompt(of.structures().get(target.getKey())));
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
        Path file = plan.folder().resolve(name);
        SafetensorsWriter.write(learner.model(checkpoint), file, DType.F32, metadata);
        listener.saved(file);
        if (options.trained() == FineTuneOptions.Trained.LORA) {
            Path adapters = plan.folder().resolve("adapters.safetensors");
            SafetensorsWriter.write(learner.adapters(), adapters, DType.F32, Map.of());
            listener.saved(adapters);
        }
    }

    private void saveState() throws IOException {
        RunState state = new RunState(learner.updates(), epoch, visit, best, sums);
        log.save();
        Path file = plan.folder().resolve(STATE);
        SafetensorsWriter.write(learner.state(), file, DType.F32, state.metadata(plan, data, checkpoint.sha256()));
        listener.saved(file);
        log.paint(); // last, so that no picture stands in the state's way
    }

    private void restore() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(plan.folder().resolve(STATE))) {
            RunState state = RunState.of(file, plan, data, checkpoint.sha256());
            learner.restore(file, state.updates());
            epoch = state.epoch();
            visit = state.visit();
            best = state.best();
            sums = state.sums();
            log = RunLog.resume(plan.folder(), plan.stepsBefore(epoch, visit), epoch);
        }
    }
}
