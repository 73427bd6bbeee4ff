package org.segvol.onednn;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.bytedeco.dnnl.engine;
import org.bytedeco.javacpp.BytePointer;
import org.segvol.layers.EngineOptions.Precision;
import org.segvol.layers.Network;
import org.segvol.layers.NetworkDefinition;
import org.segvol.onednn.PlanBuilder.Plan;

/**
 * A network as a list of oneDNN primitives. Every run has memory of its own; some of it is kept between runs. Weights belong to the
 * engine.
 */
final class OneDnnNetwork implements Network {
    private static final int KEPT_EXECUTIONS = 2;

    private final OneDnnEngine engine;
    private final engine cpu;
    private final NetworkDefinition definition;
    private final NativeArena arena = new NativeArena();
    private final RunGate gate = new RunGate("the network");
    private final Plan plan;
    private final BytePointer constants;
    private final Map<String, View> inputs = new HashMap<>();
    private final Map<String, View> outputs = new LinkedHashMap<>();
    private final Queue<Execution> idle = new ArrayBlockingQueue<>(KEPT_EXECUTIONS);

    /** To be called while the engine is open, on a thread that has its number of threads. */
    OneDnnNetwork(
            OneDnnEngine engine,
            NetworkDefinition definition,
            engine cpu,
            WeightStore weights,
            Precision precision,
            int threads) {
        this.engine = engine;
        this.cpu = cpu;
        this.definition = definition;
        try {
            NetworkCompiler compiler = new NetworkCompiler(definition, cpu, weights, precision, threads, arena);
            this.plan = compiler.compile();
            definition.inputs().forEach((name, tensor) -> inputs.put(name, compiler.of(tensor)));
            definition.outputs().forEach((label, tensor) -> outputs.put(label, compiler.of(tensor)));
            this.constants = arena.allocate(cpu, plan.constantBytes());
            try (Execution once = new Execution(cpu, constants, 0, plan.once())) {
                once.run();
            }
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public Map<String, float[]> run(Map<String, float[]> given) {
        definition.requireInputs(given);
        return engine.working(() -> gate.pass(() -> {
            Execution execution = borrow();
            Map<String, float[]> results = runOn(execution, given);
            giveBack(execution);
            return results;
        }));
    }

    /** Runs once and gives for each operation of the definition how long it took; what is computed beforehand takes no time. */
    long[] runTimed(Map<String, float[]> given) {
        definition.requireInputs(given);
        return engine.working(() -> gate.pass(() -> {
            try (Execution execution = new Execution(cpu, constants, plan.bytes(), plan.operations())) {
                inputs.forEach((name, view) -> execution.floatPointer(view).put(given.get(name)));
                execution.run(); // touches the memory
                inputs.forEach((name, view) -> execution.floatPointer(view).put(given.get(name)));
                long[] steps = execution.runTimed(),
                        sums = new long[definition.ops().size()];
                for (int i = 0; i < steps.length; i++) {
                    sums[plan.positions().get(i)] += steps[i];
                }
                return sums;
            }
        }));
    }

    private Map<String, float[]> runOn(Execution execution, Map<String, float[]> given) {
        try {
            inputs.forEach((name, view) -> execution.floatPointer(view).put(given.get(name)));
            execution.run();
            Map<String, float[]> results = new LinkedHashMap<>();
            outputs.forEach((label, view) -> {
                float[] values = new float[Math.toIntExact(view.count())];
                execution.floatPointer(view).get(values);
                results.put(label, values);
            });
            return results;
        } catch (RuntimeException | Error e) {
            execution.close();
            throw e;
        }
    }

    private Execution borrow() {
        Execution kept = idle.poll();
        return kept != null ? kept : new Execution(cpu, constants, plan.bytes(), plan.operations());
    }

    private void giveBack(Execution execution) {
        if (!idle.offer(execution)) {
            execution.close();
        }
    }

    /** The plan, for tests and reports. */
    Plan plan() {
        return plan;
    }

    @Override
    public void close() {
        gate.close(() -> {
            idle.forEach(Execution::close);
            idle.clear();
            arena.close();
            engine.forget(this);
        });
    }
}
