package org.segvol.layers.samediff;

import java.nio.FloatBuffer;
import java.util.Set;
import java.util.TreeSet;
import org.segvol.layers.GradientEngine;
import org.segvol.layers.GradientNetwork;
import org.segvol.layers.NetworkDefinition;
import org.segvol.weights.TensorSource;

/** Differentiates networks with SameDiff on the ND4J backend of the class path. */
public final class SameDiffGradientEngine implements GradientEngine {
    private final NativeThread thread;
    private final SharedArrays arrays;
    private final Set<String> trained;

    /**
     * An engine for one set of weights.
     *
     * @param weights float tensors by their canonical names; must stay open as long as the engine
     * @param trained names of the parameters that are trained
     * @param threads native threads, or 0 for the backend's choice
     */
    public SameDiffGradientEngine(TensorSource weights, Set<String> trained, int threads) {
        for (String name : trained) {
            if (!weights.tensors().containsKey(name)) {
                throw new IllegalArgumentException("the weights have no parameter " + name + " that could be trained");
            }
        }
        this.arrays = new SharedArrays(weights);
        this.trained = Set.copyOf(trained);
        this.thread = new NativeThread(threads);
    }

    @Override
    public Set<String> trained() {
        return new TreeSet<>(trained);
    }

    @Override
    public FloatBuffer parameter(String name) {
        if (!trained.contains(name)) {
            throw new IllegalArgumentException(name + " is not among the trained parameters");
        }
        return thread.run(() -> arrays.get(name).data().asNioFloat());
    }

    @Override
    public GradientNetwork differentiate(NetworkDefinition definition, Set<String> inputs) {
        for (String input : inputs) {
            if (!definition.inputs().containsKey(input)) {
                throw new IllegalArgumentException("this network has no input " + input + "; it has "
                        + definition.inputs().keySet());
            }
        }
        return thread.run(() -> new SameDiffGradientNetwork(thread, definition, arrays, trained, inputs));
    }

    @Override
    public void close() {
        thread.close(arrays::close);
    }
}
