package org.segvol.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A finished network: operations in an order in which each comes after what it reads, and named outputs. Immutable; holds no weights.
 */
public final class NetworkDefinition {
    private final List<Op> ops;
    private final Map<String, Tensor> inputs;
    private final Map<String, Tensor> outputs;
    private final boolean roundable;

    private NetworkDefinition(
            List<Op> ops, Map<String, Tensor> inputs, Map<String, Tensor> outputs, boolean roundable) {
        this.ops = ops;
        this.inputs = inputs;
        this.outputs = outputs;
        this.roundable = roundable;
    }

    static NetworkDefinition of(List<Op> all, Map<String, Tensor> outputs, boolean roundable) {
        boolean[] needed = new boolean[all.size()];
        outputs.values().forEach(t -> needed[t.id()] = true);
        for (int i = all.size() - 1; i >= 0; i--) {
            if (needed[i]) {
                all.get(i).inputs().forEach(t -> needed[t.id()] = true);
            }
        }
        List<Op> kept = new ArrayList<>();
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (int i = 0; i < needed.length; i++) {
            if (needed[i]) {
                kept.add(all.get(i));
                if (all.get(i) instanceof Op.Input input) {
                    inputs.put(input.name(), input.out());
                }
            }
        }
        return new NetworkDefinition(
                List.copyOf(kept),
                Collections.unmodifiableMap(inputs),
                Collections.unmodifiableMap(new LinkedHashMap<>(outputs)),
                roundable);
    }

    /** All operations, each after what it reads. */
    public List<Op> ops() {
        return ops;
    }

    /** What must be given at a run. */
    public Map<String, Tensor> inputs() {
        return inputs;
    }

    /** What a run gives. */
    public Map<String, Tensor> outputs() {
        return outputs;
    }

    /** Whether an engine of reduced precision may round weights and activations; see {@link Graph#allowReducedPrecision}. */
    public boolean roundable() {
        return roundable;
    }

    /** The same network, to be computed in float32 by every engine. */
    public NetworkDefinition exact() {
        return new NetworkDefinition(ops, inputs, outputs, false);
    }

    /** For each tensor id the position in {@link #ops} of the last operation that reads it; outputs are never done with. */
    public Map<Integer, Integer> lastUses() {
        Map<Integer, Integer> last = new HashMap<>();
        for (int i = 0; i < ops.size(); i++) {
            last.put(ops.get(i).out().id(), i);
            for (Tensor input : ops.get(i).inputs()) {
                last.put(input.id(), i);
            }
        }
        outputs.values().forEach(t -> last.put(t.id(), ops.size()));
        return last;
    }

    /**
     * Checks that a run was given exactly the inputs of this network, each with the right number of values.
     *
     * @throws IllegalArgumentException naming the first input that is missing, unknown or of another size
     */
    public void requireInputs(Map<String, float[]> given) {
        for (Map.Entry<String, Tensor> wanted : inputs.entrySet()) {
            requireSize("input " + wanted.getKey(), wanted.getValue(), given.get(wanted.getKey()));
        }
        for (String name : given.keySet()) {
            if (!inputs.containsKey(name)) {
                throw new IllegalArgumentException("this network has no input " + name + "; it has " + inputs.keySet());
            }
        }
    }

    /**
     * Checks that the gradients of all outputs of this network were given, each with the right number of values.
     *
     * @throws IllegalArgumentException naming the first output whose gradient is missing or of another size
     */
    public void requireUpstream(Map<String, float[]> given) {
        outputs.forEach((label, tensor) -> requireSize("the gradient of output " + label, tensor, given.get(label)));
    }

    private static void requireSize(String what, Tensor wanted, float[] values) {
        int count = wanted.count();
        if (values == null || values.length != count) {
            throw new IllegalArgumentException(
                    what + " needs " + count + " values, found " + (values == null ? "none" : values.length));
        }
    }
}
