package org.segvol.onednn;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.dnnl.engine;
import org.bytedeco.javacpp.BytePointer;
import org.segvol.layers.GradientNetwork;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.Tensor;
import org.segvol.onednn.PlanBuilder.Plan;

/** A network and its gradients as lists of primitives over one block of memory, which it owns. */
final class OneDnnGradientNetwork implements GradientNetwork {
    private final OneDnnGradientEngine engine;
    private final NetworkDefinition definition;
    private final NativeArena arena = new NativeArena();
    private final Execution execution;
    private final int forward;
    private final int all;
    private final Map<String, View> inputs = new HashMap<>();
    private final Map<String, View> outputs = new LinkedHashMap<>();
    private final Map<String, View> upstream = new HashMap<>();
    private final Map<String, View> inputGradients = new LinkedHashMap<>();
    private final Map<String, View> parameterGradients;
    private Map<String, float[]> last; // what the memory holds the intermediate results of
    private boolean closed;

    OneDnnGradientNetwork(
            OneDnnGradientEngine engine,
            NetworkDefinition definition,
            engine cpu,
            WeightStore weights,
            TrainedStore trained,
            Set<String> wanted,
            int threads) {
        this.engine = engine;
        this.definition = definition;
        try {
            GradientCompiler compiler = new GradientCompiler(definition, cpu, weights, trained, wanted, threads, arena);
            Plan plan = compiler.compile();
            forward = compiler.forwardOperations();
            all = plan.operations().size();
            definition.inputs().forEach((name, tensor) -> {
                inputs.put(name, compiler.of(tensor));
                if (wanted.contains(name)) {
                    inputGradients.put(name, compiler.gradientOf(tensor));
                }
            });
            for (Map.Entry<String, Tensor> output : definition.outputs().entrySet()) {
                outputs.put(output.getKey(), compiler.of(output.getValue()));
                View gradient = compiler.gradientOf(output.getValue());
                if (gradient != null) {
                    upstream.put(output.getKey(), gradient);
                }
            }
            parameterGradients = compiler.parameterGradients();
            BytePointer constants = arena.allocate(cpu, plan.constantBytes());
            try (Execution once = new Execution(cpu, constants, 0, plan.once())) {
                once.run();
            }
            execution = new Execution(cpu, constants, plan.bytes(), plan.operations());
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public Map<String, float[]> run(Map<String, float[]> given) {
        definition.requireInputs(given);
        return engine.working(() -> {
            runForward(given);
            return read(outputs);
        });
    }

    private void runForward(Map<String, float[]> given) {
        if (closed) {
            throw new IllegalStateException("the network was closed");
        }
        last = null;
        inputs.forEach((name, view) -> execution.floatPointer(view).put(given.get(name)));
        execution.run(0, forward);
        last = given;
    }

    private Map<String, float[]> read(Map<String, View> views) {
        Map<String, float[]> results = new LinkedHashMap<>();
        views.forEach((name, view) -> {
            float[] values = new float[Math.toIntExact(view.count())];
            execution.floatPointer(view).get(values);
            results.put(name, values);
        });
        return results;
    }

    @Override
    public Gradients gradients(Map<String, float[]> given, Map<String, float[]> outputGradients) {
        definition.requireInputs(given);
        definition.requireUpstream(outputGradients);
        return engine.working(() -> {
            if (last != given || closed) {
                runForward(given);
            }
            last = null; // the way back reuses memory of the way forwards, and the parameters are going to change
            upstream.forEach((label, view) -> execution.floatPointer(view).put(outputGradients.get(label)));
            execution.run(forward, all);
            return new Gradients(read(parameterGradients), read(inputGradients));
        });
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            execution.close();
            arena.close();
            engine.forget(this);
        }
    }
}
