package org.segvol.onednn;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.Op;
import org.segvol.layers.Tensor;

/** Which results depend on something whose gradient is wanted, and which depend on nothing that changes. */
final class Dependence {
    private final Set<Integer> wanted = new HashSet<>();
    private final Set<Integer> fixed = new HashSet<>();

    /**
     * Goes through a definition.
     *
     * @param trained whether a parameter is trained
     * @param inputs names of inputs whose gradient is wanted
     */
    Dependence(NetworkDefinition definition, Predicate<String> trained, Set<String> inputs) {
        for (Op op : definition.ops()) {
            boolean learns = parameters(op).stream().anyMatch(trained);
            boolean input = op instanceof Op.Input;
            if (learns
                    || (op instanceof Op.Input in && inputs.contains(in.name()))
                    || op.inputs().stream().anyMatch(this::wanted)) {
                wanted.add(op.out().id());
            }
            if (!input && !learns && op.inputs().stream().allMatch(this::fixed)) {
                fixed.add(op.out().id());
            }
        }
    }

    /** Whether a result's gradient is needed. */
    boolean wanted(Tensor tensor) {
        return wanted.contains(tensor.id());
    }

    /** Whether a result is the same in every run and while training goes on. */
    boolean fixed(Tensor tensor) {
        return fixed.contains(tensor.id());
    }

    /** Names of the parameters that an operation reads. */
    static List<String> parameters(Op op) {
        if (op instanceof Op.Parameter parameter) {
            return List.of(parameter.name());
        } else if (op instanceof Op.Embedding embedding) {
            return List.of(embedding.name());
        } else if (op instanceof Op.Linear linear) {
            return linear.bias()
                    ? List.of(linear.name() + ".weight", linear.name() + ".bias")
                    : List.of(linear.name() + ".weight");
        } else if (op instanceof Op.LayerNorm norm) {
            return List.of(norm.name() + ".weight", norm.name() + ".bias");
        } else if (op instanceof Op.BlockLayerNorm norm) {
            return List.of(norm.name() + ".weight", norm.name() + ".bias");
        } else if (op instanceof Op.ConvTranspose2x convolution) {
            return List.of(convolution.name() + ".weight", convolution.name() + ".bias");
        }
        return List.of();
    }
}
