package org.segvol.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.segvol.Engines;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.NetworkParts;
import org.segvol.layers.Patches;
import org.segvol.layers.SegVolNetwork;
import org.segvol.onednn.OneDnnEngine;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.ModelConfig;

/** This project's encoder on one of its engines. */
final class SegVolEncoder implements Workload {
    private final Checkpoint weights;
    private final Engine engine;
    private final SegVolNetwork network;
    private final float[] window;

    /**
     * Loads a checkpoint of the released size.
     *
     * @param window voxels (d,h,w) of the model's window
     */
    SegVolEncoder(String engine, EngineOptions options, Path checkpoint, float[] window) throws IOException {
        this.weights = Checkpoint.open(checkpoint);
        this.engine = Engines.create(engine, weights, options);
        this.network = new SegVolNetwork(ModelConfig.RELEASED, this.engine);
        this.window = window;
    }

    @Override
    public String description() {
        return engine.description();
    }

    @Override
    public void run() {
        output();
    }

    @Override
    public float[] output() {
        return network.encodeImage(window);
    }

    @Override
    public long[] layers(int runs) {
        if (!(engine instanceof OneDnnEngine oneDnn)) {
            return Workload.super.layers(runs);
        }
        Map<String, float[]> inputs = Map.of("patches", Patches.of(ModelConfig.RELEASED, window));
        return oneDnn.timeOperations(new NetworkParts(ModelConfig.RELEASED).imageEncoder(), inputs, runs);
    }

    @Override
    public void close() throws IOException {
        network.close();
        engine.close();
        weights.close();
    }
}
