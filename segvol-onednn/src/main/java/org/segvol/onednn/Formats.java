package org.segvol.onednn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segvol.layers.EngineOptions.Precision;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.Op;
import org.segvol.layers.Tensor;

/**
 * Which results are kept as bfloat16: those that only matrix products and attention read. Sums, residuals, scores and outputs stay
 * float32, and so do the factors of the products that make attention's values: errors in these move masks most (docs/performance.md).
 */
final class Formats {
    /**
     * Some columns of a linear layer.
     *
     * @param from the first
     * @param to after the last
     * @param exact whether the product's factors stay float32 whatever the precision
     */
    record Columns(int from, int to, boolean exact) {}

    private final NetworkDefinition definition;
    private final boolean narrow;
    private final Set<Integer> bf16 = new HashSet<>();
    /** For results that attention's values lie in, by their ids: where on the last axis. */
    private final Map<Integer, Columns> values = new HashMap<>();

    Formats(NetworkDefinition definition, Precision precision) {
        this.definition = definition;
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
                if (values.containsKey(op.out().id())) {
                    wide.add(linear.x().id());
                }
                if (linear.residual() != null) {
                    wide.add(linear.residual().id());
                    wide.add(op.out().id());
                }
            } else if (op instanceof Op.Attention attention) {
                markValues(attention.v(), 0, attention.v().dim(-1));
                if (attention.bias() != null) {
                    wide.add(attention.bias().id());
                }
            } else if (op instanceof Op.Slice || op instanceof Op.Reshape) {
                passOn(op);
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

    private void markValues(Tensor tensor, int from, int to) {
        values.merge(
                tensor.id(),
                new Columns(from, to, true),
                (a, b) -> new Columns(Math.min(a.from(), b.from()), Math.max(a.to(), b.to()), true));
    }

    /** Marks the values of a view in what it is a view of. */
    private void passOn(Op view) {
        Columns marked = values.get(view.out().id());
        if (marked == null) {
            return;
        }
        Tensor x = view.inputs().get(0);
        int width = x.dim(-1);
        if (view instanceof Op.Slice slice && slice.axis() == x.rank() - 1) {
            markValues(x, slice.from() + marked.from(), slice.from() + marked.to());
        } else if (view.out().dim(-1) == width) {
            markValues(x, marked.from(), marked.to());
        } else {
            markValues(x, 0, width);
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

    /** The columns of a linear layer that are computed alike, in order. */
    List<Columns> columns(Op.Linear op) {
        int width = op.out().dim(-1);
        // what comes from outside is not rounded: its error would go through the whole network
        boolean outside = definition.inputs().containsValue(op.x());
        Columns marked = values.get(op.out().id());
        if (outside || marked == null) {
            return List.of(new Columns(0, width, outside));
        }
        List<Columns> all = new ArrayList<>();
        if (marked.from() > 0) {
            all.add(new Columns(0, marked.from(), false));
        }
        all.add(marked);
        if (marked.to() < width) {
            all.add(new Columns(marked.to(), width, false));
        }
        return all;
    }

    /** The type of the factors of large matrix products. */
    ElementType factors() {
        return narrow ? ElementType.BF16 : ElementType.F32;
    }
}
