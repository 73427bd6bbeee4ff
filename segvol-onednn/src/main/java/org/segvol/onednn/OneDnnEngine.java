package org.segvol.onednn;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.bytedeco.dnnl.engine;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.EngineOptions.Precision;
import org.segvol.layers.Network;
import org.segvol.layers.NetworkDefinition;
import org.segvol.weights.TensorSource;

/**
 * The fast CPU engine. Weights are packed when a network first needs them and shared by all networks; networks may be run from several
 * threads. Owns all native memory.
 */
public final class OneDnnEngine implements Engine {
    private final EngineOptions options;
    private final OpenMpThreads threads;
    private final RunGate gate = new RunGate("the engine");
    private final engine cpu;
    private final WeightStore weights;
    private final Set<OneDnnNetwork> networks = ConcurrentHashMap.newKeySet();

    /**
     * An engine for one set of weights, which must stay open as long as the engine.
     *
     * @param weights float tensors by their canonical names
     * @throws IllegalArgumentException when the CPU lacks instructions for the precision
     * @throws UnsatisfiedLinkError when oneDNN cannot be loaded
     */
    public OneDnnEngine(TensorSource weights, EngineOptions options) {
        this(weights, options, Products.ofThisCpu());
    }

    /** An engine that makes large products in one way on every CPU, for tests. */
    OneDnnEngine(TensorSource weights, EngineOptions options, Products products) {
        OneDnnLibrary.load();
        if (options.precision() == Precision.BF16 && !OneDnnLibrary.hasBf16()) {
            throw new IllegalArgumentException("bf16 needs a CPU with AVX-512 BF16 or AMX instructions, this one has "
                    + OneDnnLibrary.instructions() + "; choose f32");
        }
        this.options = options;
        this.threads = OpenMpThreads.of(options.threads());
        this.cpu = new engine(engine.kind.cpu, 0);
        this.weights = new WeightStore(cpu, weights, options.packed(), products);
    }

    /**
     * Whether this CPU has instructions for bfloat16 products.
     *
     * @throws UnsatisfiedLinkError when oneDNN cannot be loaded
     */
    public static boolean hasBf16() {
        OneDnnLibrary.load();
        return OneDnnLibrary.hasBf16();
    }

    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public String description() {
        return "oneDNN " + OneDnnLibrary.version() + ", " + OneDnnLibrary.instructions() + ", "
                + (options.precision() == Precision.BF16 ? "bfloat16" : "float32") + ", " + threads.count()
                + " threads";
    }

    @Override
    public boolean rounds() {
        return options.precision() == Precision.BF16;
    }

    @Override
    public Network compile(NetworkDefinition definition) {
        return create(definition);
    }

    private OneDnnNetwork create(NetworkDefinition definition) {
        return working(() -> {
            OneDnnNetwork network = new OneDnnNetwork(
                    this,
                    definition,
                    cpu,
                    weights,
                    definition.roundable() ? options.precision() : Precision.F32,
                    threads.count());
            networks.add(network);
            return network;
        });
    }

    /**
     * How long each operation of a network takes: the shortest of some runs.
     *
     * @param inputs as for {@link Network#run}
     * @param runs at least 1
     * @return nanoseconds for each operation of the definition, in its order; 0 for what is not computed in a run
     */
    public long[] timeOperations(NetworkDefinition definition, Map<String, float[]> inputs, int runs) {
        if (runs < 1) {
            throw new IllegalArgumentException("runs must be at least 1, found " + runs);
        }
        try (OneDnnNetwork network = create(definition)) {
            long[] best = network.runTimed(inputs);
            for (int run = 1; run < runs; run++) {
                long[] next = network.runTimed(inputs);
                Arrays.setAll(best, i -> Math.min(best[i], next[i]));
            }
            return best;
        }
    }

    /** Does work while this engine is open, with its number of threads. */
    <T> T working(Supplier<T> work) {
        return gate.pass(() -> {
            threads.useHere();
            return work.get();
        });
    }

    /** A network was closed by its user. */
    void forget(OneDnnNetwork network) {
        networks.remove(network);
    }

    @Override
    public void close() {
        gate.close(() -> {
            networks.forEach(OneDnnNetwork::close);
            weights.close();
            cpu.close();
            threads.close();
        });
    }
}
