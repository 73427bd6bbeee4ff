package org.segvol.layers.samediff;

import org.nd4j.linalg.factory.Nd4j;
import org.segvol.layers.Engine;
import org.segvol.layers.Network;
import org.segvol.layers.NetworkDefinition;
import org.segvol.weights.TensorSource;

/** The reference engine. Runs SameDiff graphs on the ND4J backend of the class path, one call at a time on one thread of its own. */
public final class SameDiffEngine implements Engine {
    private final NativeThread thread;
    private final SharedArrays arrays;

    /**
     * An engine for one set of weights, which must stay open as long as the engine.
     *
     * @param weights float tensors by their canonical names
     * @param threads native threads, or 0 for the backend's choice
     */
    public SameDiffEngine(TensorSource weights, int threads) {
        this.arrays = new SharedArrays(weights);
        this.thread = new NativeThread(threads);
    }

    @Override
    public String name() {
        return "samediff";
    }

    @Override
    public String description() {
        return thread.run(() -> "SameDiff on " + Nd4j.getBackend().getClass().getSimpleName() + ", float32");
    }

    @Override
    public Network compile(NetworkDefinition definition) {
        return thread.run(() -> new SameDiffNetwork(thread, definition, arrays));
    }

    @Override
    public void close() {
        thread.close(arrays::close);
    }
}
