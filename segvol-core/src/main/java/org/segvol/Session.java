package org.segvol;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.segvol.Timings.Stage;
import org.segvol.image.Volume;
import org.segvol.image.VolumeSummary;
import org.segvol.infer.EncodedViews;
import org.segvol.infer.LogitPlanes;
import org.segvol.infer.NetworkPrompt;
import org.segvol.infer.Refinements;
import org.segvol.infer.ZoomInference;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.preprocess.Preprocessor;
import org.segvol.prompt.PointChooser;
import org.segvol.prompt.SplitMixChooser;

/**
 * One volume being segmented. The volume is encoded once, at the first prompt or by {@link #encode}; later prompts use the embedding again, and
 * those of windows as far as they are kept. Belongs to one caller at a time; two calls at once are refused. Holds the volume, its
 * embeddings and nothing native.
 */
public final class Session implements AutoCloseable {
    private final SegVol model;
    private final Volume volume;
    private final Options options;
    private final NetworkVolume prepared;
    private final Timings opening = new Timings();
    private final ReentrantLock inUse = new ReentrantLock();
    private EncodedViews views;
    private Boolean looksLikeCt;
    private boolean reported;
    private boolean closed;

    Session(SegVol model, Volume volume, Options options) {
        this.model = model;
        this.volume = volume;
        this.options = options;
        this.views = new EncodedViews(options.cacheBytes());
        this.prepared = opening.measure(
                Stage.PREPROCESS, () -> Preprocessor.prepare(volume, model.config(), options.variant()));
    }

    /** The volume. */
    public Volume volume() {
        return volume;
    }

    /** How it is segmented. */
    public Options options() {
        return options;
    }

    /** The volume as the network sees it. */
    public NetworkVolume networkVolume() {
        return prepared;
    }

    /**
     * Encodes the zoom-out view ahead of the first prompt, so that this one does not wait for it.
     *
     * @return image encoder passes that it took: 1, or 0 when it was done before
     */
    public int encode() {
        return exclusively(() -> {
            VolumeDecoding decoding = decoding(opening);
            decoding.encodeZoomOut();
            return decoding.encoderPasses();
        });
    }

    /**
     * Segments one structure.
     *
     * @throws IllegalArgumentException when the prompt is empty, lies outside the volume, or is not for this variant
     * @throws IllegalStateException when the session is in use by another thread, or it or its model was closed
     * @throws java.util.concurrent.CancellationException when the progress listener asked to stop
     */
    public Segmentation segment(Prompt prompt) {
        return segmentAll(List.of(prompt)).get(0);
    }

    /**
     * Segments several structures; windows that several of them need are encoded once. Each gets the same answer as alone.
     *
     * @return one for each prompt, in the same order; times and encoder passes of the whole call are those of the first, the others have none
     * @throws IllegalArgumentException when a prompt is empty, lies outside the volume, or is not for this variant
     * @throws IllegalStateException when the session is in use by another thread, or it or its model was closed
     * @throws java.util.concurrent.CancellationException when the progress listener asked to stop
     */
    public List<Segmentation> segmentAll(List<Prompt> prompts) {
        return exclusively(() -> {
            Timings timings = begin();
            PromptResolver resolver = resolver(timings);
            List<Job> jobs = new ArrayList<>();
            for (Prompt prompt : prompts) {
                jobs.add(new Job(prompt, resolver.resolve(prompt), new SplitMixChooser(options.seed()), null));
            }
            return run(jobs, timings);
        });
    }

    /**
     * Segments several structures into one label map: see {@link #segmentAll} and {@link LabelMap}.
     *
     * @throws IllegalArgumentException as {@link #segmentAll}, and for more than 65535 prompts
     */
    public LabelMap segmentMap(List<Prompt> prompts) {
        if (prompts.size() > 0xFFFF) {
            throw new IllegalArgumentException("a label map holds 65535 structures, found " + prompts.size());
        }
        return exclusively(() -> {
            Timings timings = begin();
            PromptResolver resolver = resolver(timings);
            LabelMap map = new LabelMap(volume.size());
            List<Job> jobs = new ArrayList<>();
            for (Prompt prompt : prompts) {
                LogitPlanes collector = map.collector(prepared, jobs.size() + 1, options);
                jobs.add(new Job(prompt, resolver.resolve(prompt), new SplitMixChooser(options.seed()), collector));
            }
            return map.finished(run(jobs, timings));
        });
    }

    /**
     * Segments a structure with prompts taken from a label volume, as the published demo does; for evaluation.
     *
     * @throws IllegalArgumentException when the grids differ
     */
    public Segmentation segment(LabelPrompt prompt) {
        return segment(prompt, null);
    }

    Segmentation segment(LabelPrompt prompt, LogitPlanes observer) {
        return exclusively(() -> {
            Timings timings = begin();
            PointChooser chooser = new SplitMixChooser(options.seed());
            NetworkPrompt resolved = resolver(timings).resolve(prompt, chooser);
            Job job = new Job(Prompt.NONE.andText(prompt.text()), resolved, chooser, observer);
            return run(List.of(job), timings).get(0);
        });
    }

    /** Starts refining a structure step by step. */
    public Refinement refine(Prompt start) {
        return new Refinement(this, start);
    }

    /** Goes on from an earlier result of this volume. */
    public Refinement refine(Segmentation previous) {
        return new Refinement(this, previous);
    }

    /**
     * How much a result depends on where exactly the user pointed: the mean agreement (intersection over union) between the zoom-out view's mask and
     * the masks of prompts shifted by one of its cells along each axis. This is no confidence that the structure is the right one.
     *
     * @return 0 to 1, or NaN for text alone, which has no place, and when nothing is found
     */
    public double stability(Prompt prompt) {
        return exclusively(() -> {
            Timings timings = begin();
            NetworkPrompt resolved = resolver(timings).resolve(prompt);
            VolumeDecoding decoding = decoding(timings);
            double agreement = new Stability(decoding).of(resolved);
            decoding.finish();
            return agreement;
        });
    }

    private PromptResolver resolver(Timings timings) {
        return new PromptResolver(
                prepared,
                model.config().window(),
                options.variant(),
                text -> timings.measure(Stage.TEXT, () -> model.encodeText(text)));
    }

    private VolumeDecoding decoding(Timings timings) {
        return new VolumeDecoding(
                model.network(), options.mode().zoomsIn(), prepared, views, options.progress(), timings);
    }

    private <T> T exclusively(Supplier<T> work) {
        if (!inUse.tryLock()) {
            throw new IllegalStateException(
                    "this session is in use by another thread; open one session for each caller, they may share the model");
        }
        try {
            if (closed) {
                throw new IllegalStateException("the session was closed");
            }
            model.requireOpen();
            return work.get();
        } finally {
            inUse.unlock();
        }
    }

    /** The times of a call; the first one also counts what opening the session took. */
    private Timings begin() {
        Timings timings = new Timings();
        if (!reported) {
            timings.add(opening);
            reported = true;
        }
        return timings;
    }

    /** One structure to be segmented in a call. */
    private record Job(Prompt prompt, NetworkPrompt resolved, PointChooser chooser, LogitPlanes observer) {}

    private List<Segmentation> run(List<Job> jobs, Timings timings) {
        long perStructure = ZoomInference.bytesPerStructure(
                prepared.extent(), model.config().window());
        int together = (int) Math.max(1, Math.min(jobs.size(), options.cacheBytes() / perStructure));
        VolumeDecoding decoding = decoding(timings);
        List<Segmentation> results = new ArrayList<>();
        for (int from = 0; from < jobs.size(); from += together) {
            List<Job> group = jobs.subList(from, Math.min(from + together, jobs.size()));
            results.addAll(runTogether(group, decoding, timings));
        }
        decoding.finish();
        if (!results.isEmpty()) {
            results.set(0, results.get(0).withCost(decoding.encoderPasses(), timings));
        }
        return results;
    }

    /** The results of structures that run at once, without what they cost. */
    private List<Segmentation> runTogether(List<Job> jobs, VolumeDecoding decoding, Timings timings) {
        long start = System.nanoTime();
        double before = timings.total();
        List<ZoomInference.Request> requests = new ArrayList<>();
        List<StoredResult> stored = new ArrayList<>();
        for (Job job : jobs) {
            stored.add(new StoredResult(prepared, options, job.observer()));
            requests.add(new ZoomInference.Request(job.resolved(), job.chooser(), stored.get(stored.size() - 1)));
        }
        List<ZoomInference.Trace> traces = infer(decoding, requests);
        // what no other stage counted was averaging, thresholding and mapping back
        long counted = Math.round((timings.total() - before) * 1e9);
        timings.add(Stage.POSTPROCESS, Math.max(0, System.nanoTime() - start - counted));
        List<Segmentation> results = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            results.add(new Segmentation(
                    jobs.get(i).prompt(),
                    volume,
                    stored.get(i).mask(),
                    stored.get(i).probabilities(),
                    traces.get(i),
                    0,
                    new Timings(),
                    looksLikeCt()));
        }
        return results;
    }

    private List<ZoomInference.Trace> infer(VolumeDecoding decoding, List<ZoomInference.Request> requests) {
        Refinements refinements = options.mode() == Mode.REFINED ? options.refinements() : Refinements.NONE;
        ZoomInference inference = new ZoomInference(decoding, options.variant(), refinements, options.overlap());
        return switch (options.mode()) {
            case ZOOM, REFINED -> inference.zoomIn(requests);
            case RESIZE -> requests.stream().map(inference::zoomOut).toList();
            case SLIDING_WINDOW -> inference.slidingWindow(requests);
        };
    }

    private boolean looksLikeCt() {
        if (looksLikeCt == null) {
            looksLikeCt = VolumeSummary.looksLikeCt(volume);
        }
        return looksLikeCt;
    }

    /** Lets go of the embeddings. The model stays open. Closing twice does nothing. */
    @Override
    public void close() {
        inUse.lock();
        try {
            closed = true;
            views = new EncodedViews(0);
        } finally {
            inUse.unlock();
        }
    }
}
