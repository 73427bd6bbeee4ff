package org.segvol.onednn;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.bytedeco.dnnl.engine;
import org.segvol.layers.GradientEngine;
import org.segvol.layers.GradientNetwork;
import org.segvol.layers.NetworkDefinition;
import org.segvol.weights.TensorSource;

/**
 * Differentiates networks with oneDNN, in float32. A network keeps the intermediate results of its last run; asking for the gradients of the
 * same inputs (the same map) does not compute them again. Owns all native memory.
 */
public final class OneDnnGradientEngine implements GradientEngine {
    private final OpenMpThreads threads;
    private final engine cpu;
    private final WeightStore weights;
    private final TrainedStore trained;
    private final Set<String> names;
    private final List<OneDnnGradientNetwork> networks = new ArrayList<>(); // that are not closed
    private boolean closed;

    /**
     * An engine for one set of weights.
     *
     * @param source float tensors by their canonical names; must stay open as long as the engine
     * @param trained names of the parameters that are trained
     * @param threads native threads, or 0 for as many as there are cores
     * @throws IllegalArgumentException when the weights lack one of them
     * @throws UnsatisfiedLinkError when oneDNN cannot be loaded
     */
    public OneDnnGradientEngine(TensorSource source, Set<String> trained, int threads) {
        this(source, trained, threads, Products.ofThisCpu());
    }

    /** An engine that makes large products in one way on every CPU, for tests. */
    OneDnnGradientEngine(TensorSource source, Set<String> trained, int threads, Products products) {
        OneDnnLibrary.load();
        this.names = new TreeSet<>(trained);
        this.threads = OpenMpThreads.of(threads);
        this.cpu = new engine(engine.kind.cpu, 0);
        this.weights = new WeightStore(cpu, source, true, products);
        this.trained = new TrainedStore(cpu, source, names);
    }

    @Override
    public Set<String> trained() {
        return new TreeSet<>(names);
    }

    @Override
    public FloatBuffer parameter(String name) {
        if (!trained.has(name)) {
            throw new IllegalArgumentException(name + " is not among the trained parameters");
        }
        return trained.values(name);
    }

    @Override
    public GradientNetwork differentiate(NetworkDefinition definition, Set<String> inputs) {
        for (String input : inputs) {
            if (!definition.inputs().containsKey(input)) {
                throw new IllegalArgumentException("this network has no input " + input + "; it has "
                        + definition.inputs().keySet());
            }
        }
        return working(() -> {
            OneDnnGradientNetwork network =
                    new OneDnnGradientNetwork(this, definition, cpu, weights, trained, inputs, threads.count());
            networks.add(network);
            return network;
        });
    }

    /** Forgets a network, which was closed. */
    void forget(OneDnnGradientNetwork network) {
        networks.remove(network);
    }

    /** Networks that are not closed, for tests. */
    int openNetworks() {
        return networks.size();
    }

    /** Does work with this engine's number of threads. */
    <T> T working(Supplier<T> work) {
        if (closed) {
            throw new IllegalStateException("the engine was closed");
        }
        threads.useHere();
        return work.get();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            List.copyOf(networks).forEach(OneDnnGradientNetwork::close);
            trained.close();
            weights.close();
            cpu.close();
            threads.close();
        }
    }
}
