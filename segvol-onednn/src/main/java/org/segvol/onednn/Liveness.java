package org.segvol.onednn;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.Op;
import org.segvol.layers.Tensor;

/**
 * Which results share memory, how long each is needed, and which depend on no input and so are computed once. Slices and reshapes share
 * the memory of what they read.
 */
final class Liveness {
    private final Map<Integer, Integer> roots =
            new HashMap<>(); // tensor id to the id of the tensor whose memory it is in
    private final Map<Integer, Integer> last = new HashMap<>(); // root id to the position of its last reader
    private final Set<Integer> fixed = new HashSet<>();

    Liveness(NetworkDefinition definition) {
        List<Op> ops = definition.ops();
        for (Op op : ops) {
            int id = op.out().id();
            boolean view = op instanceof Op.Slice || op instanceof Op.Reshape;
            roots.put(id, view ? root(op.inputs().get(0)) : id);
            if (!(op instanceof Op.Input) && op.inputs().stream().allMatch(this::fixed)) {
                fixed.add(id);
            }
        }
        for (int i = 0; i < ops.size(); i++) {
            Op op = ops.get(i);
            last.merge(root(op.out()), i, Math::max);
            for (Tensor input : op.inputs()) {
                last.merge(root(input), fixed(input) && !fixed(op.out()) ? Storage.FOREVER : i, Math::max);
            }
        }
        definition.outputs().values().forEach(t -> last.put(root(t), Storage.FOREVER));
    }

    private int root(Tensor tensor) {
        return roots.get(tensor.id());
    }

    /** Whether two results lie in the same memory. */
    boolean together(Tensor a, Tensor b) {
        return root(a) == root(b);
    }

    /** Whether a result depends on parameters and constants alone. */
    boolean fixed(Tensor tensor) {
        return fixed.contains(tensor.id());
    }

    /** Position of the last operation that reads the memory of a result. */
    int lastUse(Tensor tensor) {
        return last.get(root(tensor));
    }
}
