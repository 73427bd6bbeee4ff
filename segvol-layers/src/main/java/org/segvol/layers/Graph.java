package org.segvol.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segvol.weights.Extent;
import org.segvol.weights.ParameterTable;

/**
 * A network being written down. Each method appends one operation and returns a handle to its result; nothing is computed here. All
 * shapes are known while writing, and a mistake fails at once with the shapes in its message. Activations are (B, N, C): batch, tokens,
 * channels.
 */
public final class Graph {
    private final ParameterTable parameters;
    private final List<Op> ops = new ArrayList<>();
    private final Map<String, Tensor> labels = new LinkedHashMap<>();
    private boolean roundable;

    /** An empty network whose parameters have the shapes of {@code parameters}. */
    public Graph(ParameterTable parameters) {
        this.parameters = parameters;
    }

    /** A value given at every run. */
    public Tensor input(String name, int... shape) {
        Tensor out = next(shape);
        return append(new Op.Input(out, name));
    }

    /** Fixed numbers that belong to the network's form, not to its weights. The array must not be changed afterwards. */
    public Tensor constant(float[] values, int... shape) {
        Tensor out = next(shape);
        check(values.length == out.count(), "constant of %d values for shape %s", values.length, out);
        return append(new Op.Constant(out, values));
    }

    /** A whole parameter by its checkpoint name, in its stored shape. */
    public Tensor parameter(String name) {
        return append(new Op.Parameter(next(shapeOf(name)), name));
    }

    /** {@code act(x W^T + b)} over the last axis; no bias where the checkpoint has none. (B,N,I) to (B,N,O). */
    public Tensor linear(Tensor x, String name, Activation activation) {
        return linear(x, null, name, activation);
    }

    /** {@code x W^T + b}. */
    public Tensor linear(Tensor x, String name) {
        return linear(x, null, name, Activation.NONE);
    }

    /** {@code residual + x W^T + b}; a residual of batch 1 serves the whole batch. */
    public Tensor addLinear(Tensor residual, Tensor x, String name) {
        return linear(x, residual, name, Activation.NONE);
    }

    private Tensor linear(Tensor x, Tensor residual, String name, Activation activation) {
        int[] weight = shapeOf(name + ".weight");
        check(
                weight.length == 2 && weight[1] == x.dim(-1),
                "%s.weight %s does not fit %s",
                name,
                Arrays.toString(weight),
                x);
        boolean bias = parameters.tensors().containsKey(name + ".bias");
        int[] shape = x.shape();
        shape[shape.length - 1] = weight[0];
        if (residual != null) {
            check(
                    Arrays.equals(broadcast(residual, shape), shape),
                    "residual %s of %s does not fit %s",
                    residual,
                    name,
                    Arrays.toString(shape));
        }
        return append(new Op.Linear(next(shape), x, residual, name, bias, activation));
    }

    /** Layer norm over the last axis with scale and shift, eps 1e-5. */
    public Tensor layerNorm(Tensor x, String name) {
        int[] weight = shapeOf(name + ".weight");
        check(
                weight.length == 1 && weight[0] == x.dim(-1),
                "%s.weight %s does not fit %s",
                name,
                Arrays.toString(weight),
                x);
        return append(new Op.LayerNorm(next(x.shape()), x, name));
    }

    /** {@link #attention(Tensor, Tensor, Tensor, int, Tensor)} without a bias. */
    public Tensor attention(Tensor q, Tensor k, Tensor v, int heads) {
        return attention(q, k, v, heads, null);
    }

    /**
     * Scaled dot-product attention: per head {@code softmax(q k^T / sqrt(I/heads) + bias) v}, heads concatenated. q (B,Nq,I), k and v
     * (B,Nk,I) to (B,Nq,I).
     *
     * @param bias (B,Nq,Nk), the same for every head, or null
     */
    public Tensor attention(Tensor q, Tensor k, Tensor v, int heads, Tensor bias) {
        check(
                q.rank() == 3 && k.rank() == 3 && Arrays.equals(k.shape(), v.shape()),
                "attention of %s, %s, %s",
                q,
                k,
                v);
        check(q.dim(0) == k.dim(0) && q.dim(2) == k.dim(2), "attention of %s and %s", q, k);
        check(heads > 0 && q.dim(2) % heads == 0, "%d heads do not divide %s", heads, q);
        check(
                bias == null || Arrays.equals(bias.shape(), new int[] {q.dim(0), q.dim(1), k.dim(1)}),
                "attention bias %s for %s and %s",
                bias,
                q,
                k);
        return append(new Op.Attention(next(q.shape()), q, k, v, bias, heads));
    }

    /** {@code a + b}; b may have size 1 on axes where a has more. */
    public Tensor add(Tensor a, Tensor b) {
        check(Arrays.equals(broadcast(b, a.shape()), a.shape()), "cannot add %s to %s", b, a);
        return append(new Op.Add(next(a.shape()), a, b));
    }

    /** {@code a * b} elementwise; b may have size 1 on axes where a has more. */
    public Tensor multiply(Tensor a, Tensor b) {
        check(Arrays.equals(broadcast(b, a.shape()), a.shape()), "cannot multiply %s by %s", a, b);
        return append(new Op.Multiply(next(a.shape()), a, b));
    }

    /** {@code factor * x + shift}. */
    public Tensor scale(Tensor x, float factor, float shift) {
        return append(new Op.Scale(next(x.shape()), x, factor, shift));
    }

    /** The function applied to every element. */
    public Tensor activate(Tensor x, Activation activation) {
        return append(new Op.Activate(next(x.shape()), x, activation));
    }

    /** Batched matrix product: a (B,M,K) and b (B,K,N), or (B,N,K) when transposed, to (B,M,N). */
    public Tensor matmul(Tensor a, Tensor b, boolean transposeB) {
        check(
                a.rank() == 3 && b.rank() == 3 && a.dim(0) == b.dim(0) && a.dim(2) == b.dim(transposeB ? 2 : 1),
                "cannot multiply matrices %s and %s",
                a,
                b);
        return append(new Op.MatMul(next(new int[] {a.dim(0), a.dim(1), b.dim(transposeB ? 1 : 2)}), a, b, transposeB));
    }

    /** The tensors one after the other along an axis. */
    public Tensor concat(int axis, List<Tensor> parts) {
        int[] shape = parts.get(0).shape();
        shape[axis] = 0;
        for (Tensor part : parts) {
            shape[axis] += part.dim(axis);
        }
        for (Tensor part : parts) {
            int[] own = part.shape();
            own[axis] = shape[axis];
            check(Arrays.equals(own, shape), "cannot join %s along axis %d", parts, axis);
        }
        return parts.size() == 1 ? parts.get(0) : append(new Op.Concat(next(shape), axis, List.copyOf(parts)));
    }

    /** Entries {@code from} (inclusive) to {@code to} (exclusive) of one axis. */
    public Tensor slice(Tensor x, int axis, int from, int to) {
        check(from >= 0 && from < to && to <= x.dim(axis), "cannot take %d..%d of axis %d of %s", from, to, axis, x);
        int[] shape = x.shape();
        shape[axis] = to - from;
        return append(new Op.Slice(next(shape), x, axis, from, to));
    }

    /** The same numbers in another shape. */
    public Tensor reshape(Tensor x, int... shape) {
        Tensor out = next(shape);
        check(out.count() == x.count(), "cannot reshape %s to %s", x, out);
        return append(new Op.Reshape(out, x));
    }

    /** A batch of one repeated {@code times} times along axis 0. */
    public Tensor repeat(Tensor x, int times) {
        if (x.dim(0) == times) {
            return x;
        }
        check(x.dim(0) == 1, "cannot repeat a batch of %s to %d", x, times);
        int[] shape = x.shape();
        shape[0] = times;
        return append(new Op.Repeat(next(shape), x, times));
    }

    /** Rows of a table: ids (B,N), whole numbers, to (B,N,C). */
    public Tensor embedding(Tensor ids, String name) {
        int[] table = shapeOf(name);
        check(table.length == 2 && ids.rank() == 2, "embedding of %s by %s %s", ids, name, Arrays.toString(table));
        return append(new Op.Embedding(next(new int[] {ids.dim(0), ids.dim(1), table[1]}), ids, name));
    }

    /**
     * Transposed convolution with kernel 2 and stride 2 on every axis, then an activation. x (B,N,I) to (B,8N,O), each voxel's block
     * in {@link BlockOrder}: out[8n + 4a+2b+c, o] = bias[o] + sum_i x[n,i] W[i,o,a,b,c].
     */
    public Tensor convTranspose2x(Tensor x, String name, Activation activation) {
        int[] weight = shapeOf(name + ".weight");
        check(
                weight.length == 5 && weight[0] == x.dim(2) && weight[2] * weight[3] * weight[4] == 8,
                "%s.weight %s does not fit %s",
                name,
                Arrays.toString(weight),
                x);
        return append(new Op.ConvTranspose2x(next(new int[] {x.dim(0), 8 * x.dim(1), weight[1]}), x, name, activation));
    }

    /**
     * Layer norm over channels and space together, eps 1e-5, then an activation. x (B,N,C) has its voxels in block order; scale and
     * shift are stored as (C,d,h,w) of {@code order.fine()}.
     */
    public Tensor blockLayerNorm(Tensor x, String name, BlockOrder order, Activation activation) {
        int[] weight = shapeOf(name + ".weight");
        Extent fine = order.fine();
        check(
                Arrays.equals(weight, new int[] {x.dim(2), fine.d(), fine.h(), fine.w()}) && x.dim(1) == fine.count(),
                "%s.weight %s does not fit %s on %s",
                name,
                Arrays.toString(weight),
                x,
                fine);
        return append(new Op.BlockLayerNorm(next(x.shape()), x, name, order, activation));
    }

    /** Maps (B,M,N) whose voxels are in block order to raster order (B,M,d,h,w). */
    public Tensor unfoldBlocks(Tensor x, BlockOrder order) {
        Extent fine = order.fine();
        check(x.rank() == 3 && x.dim(2) == fine.count(), "%s has not the voxels of %s", x, fine);
        return append(
                new Op.UnfoldBlocks(next(new int[] {x.dim(0), x.dim(1), fine.d(), fine.h(), fine.w()}), x, order));
    }

    /** Trilinear resizing with half-pixel centres (spec 1.6): (B,M,d,h,w) to (B,M,d',h',w'). */
    public Tensor trilinear(Tensor x, Extent to) {
        check(x.rank() == 5, "trilinear resizing needs (B,M,d,h,w), found %s", x);
        Extent from = new Extent(x.dim(2), x.dim(3), x.dim(4));
        if (from.equals(to)) {
            return x;
        }
        return append(new Op.Trilinear(next(new int[] {x.dim(0), x.dim(1), to.d(), to.h(), to.w()}), x, from, to));
    }

    /**
     * Says that an engine of reduced precision may round this network's weights and activations. Where this is not said, it computes in
     * float32: in the small parts of the model rounding saves little time and moves the masks.
     */
    public void allowReducedPrecision() {
        roundable = true;
    }

    /** Gives a result a name under which {@link #build} can make it an output. Returns the tensor. */
    public Tensor label(String label, Tensor x) {
        check(labels.put(label, x) == null, "two results are labelled %s", label);
        return x;
    }

    /**
     * The result with a label.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Tensor labelled(String label) {
        Tensor tensor = labels.get(label);
        check(tensor != null, "no result is labelled %s; there are %s", label, labels.keySet());
        return tensor;
    }

    /**
     * The network that computes the labelled results. Operations that none of them needs are left out.
     *
     * @throws IllegalArgumentException when a label is unknown
     */
    public NetworkDefinition build(String... outputs) {
        Map<String, Tensor> wanted = new LinkedHashMap<>();
        for (String output : outputs) {
            wanted.put(output, labelled(output));
        }
        return NetworkDefinition.of(ops, wanted, roundable);
    }

    private int[] shapeOf(String parameter) {
        long[] shape = parameters.shape(parameter);
        int[] out = new int[shape.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.toIntExact(shape[i]);
        }
        return out;
    }

    private Tensor next(int[] shape) {
        for (int side : shape) {
            check(side > 0, "empty shape %s", Arrays.toString(shape));
        }
        return new Tensor(ops.size(), shape.clone());
    }

    private Tensor append(Op op) {
        ops.add(op);
        return op.out();
    }

    /** The shape that {@code x} takes beside {@code target}, or its own when it does not fit. */
    private static int[] broadcast(Tensor x, int[] target) {
        int[] shape = x.shape();
        if (shape.length != target.length) {
            return shape;
        }
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 1) {
                shape[i] = target[i];
            }
        }
        return shape;
    }

    private static void check(boolean ok, String message, Object... values) {
        if (!ok) {
            throw new IllegalArgumentException("network definition: " + String.format(message, values));
        }
    }
}
