package org.segvol.onednn;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.segvol.layers.EngineOptions.Precision;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.Op;
import org.segvol.layers.Tensor;

/**
 * Which results are kept as bfloat16: those that only matrix products and attention read. Sums, residuals, scores and outputs stay
 * float32, and so do the factors of the products that make queries, keys and values: errors in these move masks most (docs/performance.md).
 */
final class Formats {
    private final boolean narrow;
    private final Set<Integer> bf16 = new HashSet<>();
    private final Set<Integer> attended = new HashSet<>(); // what attention reads, and what that is a part of

    Formats(NetworkDefinition definition, Precision precision) {
        narrow = precision == Precision.BF16;
        if (!narrow) {
            return;
        }
        List<Op> ops = definition.ops();
        Set<Integer> wide = new HashSet<>();
        definition.outputs().values().forEach(t -> wide.add(t.id()));
        for (int i = ops.size() - 1; i >= 0; i--) {
            Op op = ops.get(i);
            if (op instanceof Op.Linear linear) {
                if (attended.contains(op.out().id())) {
                    wide.add(linear.x().id());
                }
                if (linear.residual() != null) {
                    wide.add(linear.residual().id());
                    wide.add(op.out().id());
                }
            } else if (op instanceof Op.Attention attention) {
                attended.addAll(List.of(
                        attention.q().id(), attention.k().id(), attention.v().id()));
                if (attention.bias() != null) {
                    wide.add(attention.bias().id());
                }
            } else if (op instanceof Op.Slice || op instanceof Op.Reshape) {
                if (attended.contains(op.out().id())) {
                    attended.add(op.inputs().get(0).id());
                }
                if (wide.contains(op.out().id())) {
                    wide.add(op.inputs().get(0).id());
                }
            } else if (!(op instanceof Op.ConvTranspose2x)) {
                op.inputs().forEach(t -> wide.add(t.id()));
            }
        }
        for (Op op : ops) {
            if (mayBeNarrow(op) && !wide.contains(op.out().id())) {
                bf16.add(op.out().id());
            }
        }
    }

    private boolean mayBeNarrow(Op op) {
        if (op instanceof Op.Slice || op instanceof Op.Reshape) {
            return bf16.contains(op.inputs().get(0).id());
        }
        return op instanceof Op.Linear
                || op instanceof Op.LayerNorm
                || op instanceof Op.Attention
                || op instanceof Op.ConvTranspose2x
                || op instanceof Op.BlockLayerNorm;
    }

    /** The type in which a result is kept. */
    ElementType of(Tensor tensor) {
        return bf16.contains(tensor.id()) ? ElementType.BF16 : ElementType.F32;
    }

    /** Whether a product's factors stay float32 whatever the precision. */
    boolean exact(Op.Linear op) {
        return attended.contains(op.out().id());
    }

    /** The type of the factors of large matrix products. */
    ElementType factors() {
        return narrow ? ElementType.BF16 : ElementType.F32;
    }
}
