package org.segvol.layers.samediff;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.segvol.layers.GradientNetwork;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.Op;
import org.segvol.layers.Tensor;

/**
 * A network as a SameDiff graph with variables. The gradients of a number are those of {@code sum(output * upstream)}: the upstream
 * gradients are placeholders. All calls into ND4J are made on the engine's one thread.
 */
final class SameDiffGradientNetwork implements GradientNetwork {
    private static final String UPSTREAM = "upstream/";

    private final NativeThread thread;
    private final NetworkDefinition definition;
    private final SharedArrays arrays;
    private final Set<String> trained;
    private final SameDiff sd;
    private final TrainedParameters parameters;
    private final Map<String, String> outputs = new LinkedHashMap<>(); // label to variable name
    private final Set<String> wantedInputs;
    private final List<String> wanted = new ArrayList<>();
    private boolean differentiated;

    /** To be called on the engine's thread. */
    SameDiffGradientNetwork(
            NativeThread thread,
            NetworkDefinition definition,
            SharedArrays arrays,
            Set<String> trained,
            Set<String> inputs) {
        this.thread = thread;
        this.definition = definition;
        this.arrays = arrays;
        this.trained = trained;
        this.wantedInputs = Set.copyOf(inputs);
        this.sd = SameDiff.create();
        this.parameters = new TrainedParameters(sd, arrays, trained);
        SameDiffEmitter emitter = new SameDiffEmitter(sd, parameters);
        for (Op op : definition.ops()) {
            op.accept(emitter);
        }
        SDVariable loss = null;
        for (Map.Entry<String, Tensor> output : definition.outputs().entrySet()) {
            SDVariable value = emitter.of(output.getValue());
            outputs.put(output.getKey(), value.name());
            SDVariable upstream = sd.placeHolder(
                    UPSTREAM + output.getKey(), DataType.FLOAT, SameDiffEmitter.shape(output.getValue()));
            SDVariable term = value.mul(upstream).sum();
            loss = loss == null ? term : loss.add(term);
        }
        sd.setLossVariables(loss);
        wanted.addAll(parameters.variables().keySet());
        wanted.addAll(wantedInputs);
        parameters.rows().forEach((op, rows) -> {
            if (trained.contains(op.name())) {
                wanted.add(rows.name());
            }
        });
    }

    @Override
    public Map<String, float[]> run(Map<String, float[]> inputs) {
        definition.requireInputs(inputs);
        return thread.run(() -> {
            Map<String, INDArray> placeholders = placeholders(inputs);
            Map<String, INDArray> computed = sd.output(placeholders, List.copyOf(outputs.values()));
            Map<String, float[]> results = new LinkedHashMap<>();
            outputs.forEach((label, name) -> results.put(label, SameDiffNetwork.values(computed.get(name))));
            computed.values().forEach(SameDiffNetwork::free);
            placeholders.values().forEach(SameDiffNetwork::free);
            return results;
        });
    }

    @Override
    public Gradients gradients(Map<String, float[]> inputs, Map<String, float[]> upstream) {
        definition.requireInputs(inputs);
        definition.requireUpstream(upstream);
        return thread.run(() -> gradientsHere(inputs, upstream));
    }

    private Gradients gradientsHere(Map<String, float[]> inputs, Map<String, float[]> upstream) {
        Gradients gradients = new Gradients(new LinkedHashMap<>(), new LinkedHashMap<>());
        if (wanted.isEmpty()) {
            return gradients;
        }
        if (!differentiated) {
            sd.createGradFunction(wanted.toArray(new String[0]));
            differentiated = true;
        }
        Map<String, INDArray> placeholders = placeholders(inputs);
        definition
                .outputs()
                .forEach((label, tensor) ->
                        placeholders.put(UPSTREAM + label, SameDiffNetwork.array(upstream.get(label), tensor)));
        Map<String, INDArray> computed = sd.calculateGradients(placeholders, wanted);
        for (String name : parameters.variables().keySet()) {
            gradients.parameters().put(name, SameDiffNetwork.values(computed.get(name)));
        }
        for (String name : wantedInputs) {
            gradients.inputs().put(name, SameDiffNetwork.values(computed.get(name)));
        }
        parameters.rows().forEach((op, rows) -> {
            if (trained.contains(op.name())) {
                scatter(op, inputs, SameDiffNetwork.values(computed.get(rows.name())), gradients.parameters());
            }
        });
        computed.values().forEach(SameDiffNetwork::free);
        placeholders.values().forEach(SameDiffNetwork::free);
        return gradients;
    }

    private Map<String, INDArray> placeholders(Map<String, float[]> inputs) {
        Map<String, INDArray> placeholders = new HashMap<>();
        definition
                .inputs()
                .forEach((name, tensor) -> placeholders.put(name, SameDiffNetwork.array(inputs.get(name), tensor)));
        parameters.rows().forEach((op, rows) -> placeholders.put(rows.name(), gather(op, inputs)));
        return placeholders;
    }

    /** Rows of a table, (B,N,C). */
    private INDArray gather(Op.Embedding op, Map<String, float[]> inputs) {
        float[] ids = ids(op, inputs);
        int width = op.out().dim(-1);
        FloatBuffer table = arrays.get(op.name()).data().asNioFloat();
        float[] rows = new float[ids.length * width];
        for (int i = 0; i < ids.length; i++) {
            table.get(Math.toIntExact(((long) ids[i]) * width), rows, i * width, width);
        }
        return Nd4j.create(rows, SameDiffEmitter.shape(op.out()), 'c');
    }

    private void scatter(Op.Embedding op, Map<String, float[]> inputs, float[] rows, Map<String, float[]> gradients) {
        float[] ids = ids(op, inputs);
        int width = op.out().dim(-1);
        float[] table = gradients.computeIfAbsent(
                op.name(), name -> new float[Math.toIntExact(arrays.get(name).length())]);
        for (int i = 0; i < ids.length; i++) {
            int row = Math.toIntExact(((long) ids[i]) * width);
            for (int c = 0; c < width; c++) {
                table[row + c] += rows[i * width + c];
            }
        }
    }

    private float[] ids(Op.Embedding op, Map<String, float[]> inputs) {
        for (Map.Entry<String, Tensor> input : definition.inputs().entrySet()) {
            if (input.getValue().id() == op.ids().id()) {
                return inputs.get(input.getKey());
            }
        }
        throw new IllegalArgumentException("the ids of " + op.name() + " must be an input of the network");
    }

    @Override
    public void close() {
        // SameDiff frees its arrays with the graph; the parameters belong to the engine
    }
}
