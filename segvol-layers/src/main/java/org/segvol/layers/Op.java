package org.segvol.layers;

import java.util.List;
import org.segvol.weights.Extent;

/**
 * One operation of a network, as recorded by {@link Graph}. The methods of {@code Graph} say what each computes; shapes have been
 * checked there. Engines translate operations through {@link Visitor}.
 */
public sealed interface Op {
    /** The operation's result. */
    Tensor out();

    /** The results that it reads, in order. */
    List<Tensor> inputs();

    /** Calls the visitor's method for this kind of operation. */
    void accept(Visitor visitor);

    /** See {@link Graph#input}. */
    record Input(Tensor out, String name) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of();
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#constant}. The array is shared, not copied; nobody may change it. */
    record Constant(Tensor out, float[] values) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of();
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#parameter}. */
    record Parameter(Tensor out, String name) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of();
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#linear} and {@link Graph#addLinear}; {@code residual} is null when nothing is added. */
    record Linear(Tensor out, Tensor x, Tensor residual, String name, boolean bias, Activation activation)
            implements Op {
        @Override
        public List<Tensor> inputs() {
            return residual == null ? List.of(x) : List.of(x, residual);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#layerNorm}. */
    record LayerNorm(Tensor out, Tensor x, String name) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#attention}; {@code bias} is null when there is none. */
    record Attention(Tensor out, Tensor q, Tensor k, Tensor v, Tensor bias, int heads) implements Op {
        @Override
        public List<Tensor> inputs() {
            return bias == null ? List.of(q, k, v) : List.of(q, k, v, bias);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#add}. */
    record Add(Tensor out, Tensor a, Tensor b) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(a, b);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#multiply}. */
    record Multiply(Tensor out, Tensor a, Tensor b) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(a, b);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#scale}. */
    record Scale(Tensor out, Tensor x, float factor, float shift) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#activate}. */
    record Activate(Tensor out, Tensor x, Activation activation) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#matmul}. */
    record MatMul(Tensor out, Tensor a, Tensor b, boolean transposeB) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(a, b);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#concat}. */
    record Concat(Tensor out, int axis, List<Tensor> inputs) implements Op {
        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#slice}. */
    record Slice(Tensor out, Tensor x, int axis, int from, int to) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#reshape}. */
    record Reshape(Tensor out, Tensor x) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#repeat}. */
    record Repeat(Tensor out, Tensor x, int times) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#embedding}. */
    record Embedding(Tensor out, Tensor ids, String name) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(ids);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#convTranspose2x}. */
    record ConvTranspose2x(Tensor out, Tensor x, String name, Activation activation) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#blockLayerNorm}. */
    record BlockLayerNorm(Tensor out, Tensor x, String name, BlockOrder order, Activation activation) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#unfoldBlocks}. */
    record UnfoldBlocks(Tensor out, Tensor x, BlockOrder order) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** See {@link Graph#trilinear}. */
    record Trilinear(Tensor out, Tensor x, Extent from, Extent to) implements Op {
        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.visit(this);
        }
    }

    /** One method for each kind of operation. */
    interface Visitor {
        void visit(Input op);

        void visit(Constant op);

        void visit(Parameter op);

        void visit(Linear op);

        void visit(LayerNorm op);

        void visit(Attention op);

        void visit(Add op);

        void visit(Multiply op);

        void visit(Scale op);

        void visit(Activate op);

        void visit(MatMul op);

        void visit(Concat op);

        void visit(Slice op);

        void visit(Reshape op);

        void visit(Repeat op);

        void visit(Embedding op);

        void visit(ConvTranspose2x op);

        void visit(BlockLayerNorm op);

        void visit(UnfoldBlocks op);

        void visit(Trilinear op);
    }
}
