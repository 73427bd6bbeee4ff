package org.segvol.layers.samediff;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.segvol.layers.Network;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.Op;
import org.segvol.layers.Tensor;

/** A network as a SameDiff graph of constants. All calls into ND4J are made on the engine's one thread. */
final class SameDiffNetwork implements Network {
    private final NativeThread thread;
    private final NetworkDefinition definition;
    private final SameDiff sd;
    private final Map<String, String> outputs = new LinkedHashMap<>(); // label to variable name
    private boolean closed; // touched by the engine's thread alone

    /** To be called on the engine's thread. */
    SameDiffNetwork(NativeThread thread, NetworkDefinition definition, SharedArrays arrays) {
        this.thread = thread;
        this.definition = definition;
        this.sd = SameDiff.create();
        SameDiffEmitter emitter = new SameDiffEmitter(sd, new ConstantParameters(sd, arrays));
        for (Op op : definition.ops()) {
            op.accept(emitter);
        }
        definition
                .outputs()
                .forEach(
                        (label, tensor) -> outputs.put(label, emitter.of(tensor).name()));
    }

    @Override
    public Map<String, float[]> run(Map<String, float[]> inputs) {
        definition.requireInputs(inputs);
        return thread.run(() -> {
            if (closed) {
                throw new IllegalStateException("this network was closed");
            }
            return runHere(inputs);
        });
    }

    private Map<String, float[]> runHere(Map<String, float[]> inputs) {
        Map<String, INDArray> placeholders = new HashMap<>();
        definition.inputs().forEach((name, tensor) -> placeholders.put(name, array(inputs.get(name), tensor)));
        Map<String, INDArray> computed = sd.output(placeholders, List.copyOf(outputs.values()));
        Map<String, float[]> results = new LinkedHashMap<>();
        outputs.forEach((label, variable) -> results.put(label, values(computed.get(variable))));
        computed.values().forEach(SameDiffNetwork::free);
        placeholders.values().forEach(SameDiffNetwork::free);
        return results;
    }

    static INDArray array(float[] values, Tensor tensor) {
        return Nd4j.create(values, SameDiffEmitter.shape(tensor), 'c');
    }

    static float[] values(INDArray array) {
        INDArray ordered = array.ordering() == 'c' && !array.isView() && array.offset() == 0 ? array : array.dup('c');
        float[] out = new float[Math.toIntExact(ordered.length())];
        ordered.data().asNioFloat().get(out);
        if (ordered != array) {
            free(ordered);
        }
        return out;
    }

    static void free(INDArray array) {
        if (array.closeable() && !array.wasClosed()) {
            array.close();
        }
    }

    @Override
    public void close() {
        thread.later(() -> closed = true);
    }
}
