package org.segvol;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.segvol.Timings.Stage;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.infer.Decision;
import org.segvol.infer.EncodedViews;
import org.segvol.infer.LogitPlanes;
import org.segvol.infer.NetworkPrompt;
import org.segvol.infer.ZoomInference;
import org.segvol.preprocess.NetworkGeometry;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.preprocess.Preprocessor;
import org.segvol.prompt.PointChooser;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.weights.Extent;

/**
 * One volume being segmented. The volume is encoded at the first prompt; later prompts use the embedding again, and those of windows as far as
 * they are kept. Belongs to one caller at a time; two calls at once are refused. Holds the volume, its embeddings and nothing native.
 */
public final class Session implements AutoCloseable {
    private final SegVol model;
    private final Volume volume;
    private final Options options;
    private final NetworkVolume prepared;
    private final EncodedViews views;
    private final Timings opening = new Timings();
    private final ReentrantLock inUse = new ReentrantLock();
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
     * Segments one structure.
     *
     * @throws IllegalArgumentException when the prompt is empty, lies outside the volume, or is not for this variant
     * @throws IllegalStateException when the session is in use by another thread, or it or its model was closed
     * @throws java.util.concurrent.CancellationException when the progress listener asked to stop
     */
    public Segmentation segment(Prompt prompt) {
        return exclusively(() -> {
            Timings timings = begin();
            NetworkPrompt resolved = resolver(timings).resolve(prompt);
            return run(prompt, resolved, new SplitMixChooser(options.seed()), timings, null);
        });
    }

    /**
     * Segments a structure with prompts taken from a label volume, as the published demo does; for evaluation.
     *
     * @throws IllegalArgumentException when the label has no voxel in the volume's crop, or the grids differ
     */
    public Segmentation segment(LabelPrompt prompt) {
        return segment(prompt, null);
    }

    Segmentation segment(LabelPrompt prompt, LogitPlanes observer) {
        return exclusively(() -> {
            Timings timings = begin();
            PointChooser chooser = new SplitMixChooser(options.seed());
            NetworkPrompt resolved = resolver(timings).resolve(prompt, chooser);
            return run(Prompt.NONE.andText(prompt.text()), resolved, chooser, timings, observer);
        });
    }

    private PromptResolver resolver(Timings timings) {
        return new PromptResolver(
                prepared,
                model.config().window(),
                options.variant(),
                text -> timings.measure(Stage.TEXT, () -> model.encodeText(text)));
    }

    /** Work that returns a value. */
    private interface Work {
        Segmentation run();
    }

    private Segmentation exclusively(Work work) {
        if (!inUse.tryLock()) {
            throw new IllegalStateException(
                    "this session is in use by another thread; open one session for each caller, they may share the model");
        }
        try {
            if (closed) {
                throw new IllegalStateException("the session was closed");
            }
            return work.run();
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

    private Segmentation run(
            Prompt prompt, NetworkPrompt resolved, PointChooser chooser, Timings timings, LogitPlanes observer) {
        long start = System.nanoTime();
        double before = timings.total();
        Result result = new Result(observer);
        VolumeDecoding decoding = new VolumeDecoding(model.network(), prepared, views, options.progress(), timings);
        ZoomInference inference = new ZoomInference(decoding, options.variant(), options.overlap());
        ZoomInference.Trace trace =
                switch (options.mode()) {
                    case ZOOM -> inference.zoomIn(resolved, chooser, result);
                    case RESIZE -> inference.zoomOut(resolved, result);
                    case SLIDING_WINDOW -> inference.slidingWindow(resolved, result);
                };
        Mask mask = result.mask.build();
        // what no other stage counted was averaging, thresholding and mapping back
        long counted = Math.round((timings.total() - before) * 1e9);
        timings.add(Stage.POSTPROCESS, Math.max(0, System.nanoTime() - start - counted));
        return new Segmentation(prompt, volume, mask, result.probabilities, trace, decoding.encoderPasses(), timings);
    }

    /** Turns planes of logits into voxels of the stored grid. */
    private final class Result implements LogitPlanes {
        private final Extent extent = prepared.extent();
        private final NetworkGeometry geometry = prepared.geometry();
        private final Decision decision = Decision.above(options.threshold());
        private final Mask.Builder mask = Mask.builder(volume.size());
        private final float[] probabilities;
        private final LogitPlanes observer;

        Result(LogitPlanes observer) {
            this.observer = observer;
            GridSize size = volume.size();
            this.probabilities = options.probabilities() ? new float[size.count()] : null;
        }

        @Override
        public void plane(int d, float[] logits) {
            int at = 0;
            int strideW = geometry.strideW();
            for (int h = 0; h < extent.h(); h++) {
                int index = geometry.storedIndex(d, h, 0);
                for (int w = 0; w < extent.w(); w++, at++, index += strideW) {
                    if (decision.positive(logits[at])) {
                        mask.set(index);
                    }
                    if (probabilities != null) {
                        probabilities[index] = Decision.probability(logits[at]);
                    }
                }
            }
            if (observer != null) {
                observer.plane(d, Arrays.copyOf(logits, extent.h() * extent.w()));
            }
        }
    }

    /** Lets go of the embeddings. The model stays open. Closing twice does nothing. */
    @Override
    public void close() {
        closed = true;
    }
}
