package org.segvol.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.segvol.Engines;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.SegVolNetwork;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.ModelConfig;

/**
 * With a frozen image encoder: the views of a case are the same in every epoch, number 0 the whole volume, the others windows. Each is
 * encoded once, by the fastest engine, and kept on disk.
 */
final class FrozenViews implements AutoCloseable {
    private final TrainingPlan plan;
    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final ViewSampler views;
    private final EmbeddingCache cache;
    private Engine engine;
    private SegVolNetwork network;

    FrozenViews(TrainingPlan plan, Checkpoint checkpoint, ModelConfig config, ViewSampler views) throws IOException {
        this.plan = plan;
        this.checkpoint = checkpoint;
        this.config = config;
        this.views = views;
        this.cache = new EmbeddingCache(plan.folder().resolve("embeddings"));
    }

    View view(TrainingCase of, int number) {
        if (number == 0) {
            return views.zoomOut(of);
        }
        long place = of.source().name().hashCode() * 31L + number;
        return views.fixedWindow(
                of, new SplitMixChooser(Seeds.mix(plan.options().seed(), 0, place)));
    }

    /** Image tokens of a view. */
    GradientStep.Images tokens(TrainingCase of, int number, View view) throws IOException {
        Path image = of.source().image();
        String key = String.join(
                "|",
                checkpoint.sha256(),
                image.toAbsolutePath().toString(),
                Long.toString(Files.size(image)),
                Files.getLastModifiedTime(image).toString(),
                Integer.toString(number),
                Long.toString(plan.options().seed()),
                plan.options().resize().toString(),
                Integer.toString(Arrays.hashCode(view.image())));
        return new Kept(List.of(cache.get(key, () -> encode(view))));
    }

    private float[] encode(View view) {
        if (network == null) {
            engine = Engines.create(
                    plan.engine(), checkpoint, new EngineOptions(EngineOptions.Precision.F32, plan.threads()));
            network = new SegVolNetwork(config, engine);
        }
        return network.encodeImage(view.image());
    }

    /** Frees the engine; it comes back when a view is not known. */
    @Override
    public void close() {
        if (network != null) {
            network.close();
            engine.close();
            network = null;
            engine = null;
        }
    }

    /** Tokens that were encoded before. */
    private record Kept(List<float[]> tokens) implements GradientStep.Images {
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
}
