package org.segvol.layers;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a network costs, counted from its operations.
 *
 * @param multiplyAdds multiply-accumulate operations (MACs) of one run: those of products of matrices, of attention and of convolutions;
 *     norms, activations, sums and look-ups are not counted, as is usual
 * @param parameters names of the parameters that it reads
 */
public record Workload(long multiplyAdds, Set<String> parameters) {
    /** Copies the set. */
    public Workload {
        parameters = Collections.unmodifiableSet(new LinkedHashSet<>(parameters));
    }

    /** Counts. */
    public static Workload of(NetworkDefinition network) {
        Counter counter = new Counter();
        network.ops().forEach(op -> op.accept(counter));
        return new Workload(counter.multiplyAdds, counter.parameters);
    }

    private static final class Counter implements Op.Visitor {
        private final Set<String> parameters = new LinkedHashSet<>();
        private long multiplyAdds;

        private void weightAndBias(String name, boolean bias) {
            parameters.add(name + ".weight");
            if (bias) {
                parameters.add(name + ".bias");
            }
        }

        @Override
        public void visit(Op.Linear op) {
            weightAndBias(op.name(), op.bias());
            multiplyAdds += (long) op.out().count() * op.x().dim(-1);
        }

        @Override
        public void visit(Op.Attention op) {
            // q k^T, and its product with v: (Nq,I)(I,Nk) and (Nq,Nk)(Nk,I), heads together
            multiplyAdds += 2L * op.q().count() * op.k().dim(1);
        }

        @Override
        public void visit(Op.MatMul op) {
            multiplyAdds += (long) op.out().count() * op.a().dim(2);
        }

        @Override
        public void visit(Op.ConvTranspose2x op) {
            weightAndBias(op.name(), true);
            multiplyAdds += (long) op.out().count() * op.x().dim(2);
        }

        @Override
        public void visit(Op.LayerNorm op) {
            weightAndBias(op.name(), true);
        }

        @Override
        public void visit(Op.BlockLayerNorm op) {
            weightAndBias(op.name(), true);
        }

        @Override
        public void visit(Op.Parameter op) {
            parameters.add(op.name());
        }

        @Override
        public void visit(Op.Embedding op) {
            parameters.add(op.name());
        }

        @Override
        public void visit(Op.Input op) {}

        @Override
        public void visit(Op.Constant op) {}

        @Override
        public void visit(Op.Add op) {}

        @Override
        public void visit(Op.Multiply op) {}

        @Override
        public void visit(Op.Scale op) {}

        @Override
        public void visit(Op.Activate op) {}

        @Override
        public void visit(Op.Concat op) {}

        @Override
        public void visit(Op.Slice op) {}

        @Override
        public void visit(Op.Reshape op) {}

        @Override
        public void visit(Op.Repeat op) {}

        @Override
        public void visit(Op.UnfoldBlocks op) {}

        @Override
        public void visit(Op.Trilinear op) {}
    }
}
