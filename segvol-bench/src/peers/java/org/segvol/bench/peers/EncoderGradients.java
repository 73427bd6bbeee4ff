package org.segvol.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.segvol.Engines;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.GradientEngine;
import org.segvol.layers.SegVolGradients;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;

/** One window forwards through the image encoder and a gradient of its tokens backwards, to all of its parameters. */
final class EncoderGradients implements Workload {
    /** The parameter whose gradient is compared: the first layer's, which the way back reaches last. */
    static final String COMPARED = "image_encoder.patch_embedding.patch_embeddings.1.weight";

    private final Checkpoint weights;
    private final GradientEngine engine;
    private final SegVolGradients network;
    private final float[] window;
    private final float[] upstream;
    private final int threads;

    /**
     * Loads a checkpoint of the released size.
     *
     * @param window voxels (d,h,w) of the model's window
     * @param upstream gradient of the image tokens (N,C)
     */
    EncoderGradients(EngineOptions options, Path checkpoint, float[] window, float[] upstream) throws IOException {
        this.weights = Checkpoint.open(checkpoint);
        Set<String> trained = ParameterTable.of(ModelConfig.RELEASED).tensors().keySet().stream()
                .filter(name -> name.startsWith("image_encoder."))
                .collect(Collectors.toSet());
        this.engine = Engines.createGradients("onednn", weights, trained, options.threads());
        this.network = new SegVolGradients(ModelConfig.RELEASED, engine);
        this.window = window;
        this.upstream = upstream;
        this.threads = options.threads();
    }

    @Override
    public String description() {
        return "oneDNN, float32, " + threads + " threads";
    }

    @Override
    public void run() {
        output();
    }

    @Override
    public float[] output() {
        float[][] compared = new float[1][];
        SegVolGradients.ImagePart part = network.images(List.of(window));
        part.tokens();
        part.backward(upstream, (name, gradient) -> compared[0] = name.equals(COMPARED) ? gradient : compared[0]);
        return compared[0];
    }

    @Override
    public void close() throws IOException {
        network.close();
        engine.close();
        weights.close();
    }
}
