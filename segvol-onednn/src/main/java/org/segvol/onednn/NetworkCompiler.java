package org.segvol.onednn;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.segvol.layers.Activation;
import org.segvol.layers.EngineOptions.Precision;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.Op;
import org.segvol.layers.Tensor;
import org.segvol.onednn.Formats.Columns;
import org.segvol.onednn.PlanBuilder.Plan;
import org.segvol.onednn.Primitives.Term;

/** Turns a network's definition into oneDNN primitives. Used once. */
final class NetworkCompiler implements Op.Visitor {
    private final NetworkDefinition definition;
    private final engine cpu;
    private final WeightStore weights;
    private final NativeArena network;
    private final Liveness liveness;
    private final Formats formats;
    private final PlanBuilder plan = new PlanBuilder();
    private final Primitives primitives;
    private final MatrixProducts products;
    private final Map<Integer, View> views = new HashMap<>();
    private final Map<Integer, View> narrowed = new HashMap<>(); // bfloat16 copies of float32 results
    private final int threads;
    private int position;

    /**
     * A compiler for one network.
     *
     * @param threads that the network will have
     * @param network takes over what the network needs for as long as it lives
     */
    NetworkCompiler(
            NetworkDefinition definition,
            engine cpu,
            WeightStore weights,
            Precision precision,
            int threads,
            NativeArena network) {
        this.threads = threads;
        this.definition = definition;
        this.cpu = cpu;
        this.weights = weights;
        this.network = network;
        this.liveness = new Liveness(definition);
        this.formats = new Formats(definition, precision);
        this.primitives = new Primitives(cpu, plan, network);
        this.products = new MatrixProducts(cpu, plan, weights, network, primitives);
    }

    /** Compiles all operations. */
    Plan compile() {
        List<Op> ops = definition.ops();
        for (position = 0; position < ops.size(); position++) {
            Op op = ops.get(position);
            plan.begin(position, liveness.fixed(op.out()));
            op.accept(this);
        }
        return plan.finish();
    }

    /** Where a result lies; for inputs and outputs, after {@link #compile}. */
    View of(Tensor tensor) {
        return views.get(tensor.id());
    }

    private void put(Op op, View view) {
        views.put(op.out().id(), view);
    }

    private static long[] shape(Tensor tensor) {
        return Arrays.stream(tensor.shape()).asLongStream().toArray();
    }

    /** New memory for an operation's result. */
    private View result(Op op) {
        Tensor out = op.out();
        ElementType type = formats.of(out);
        Storage storage = plan.result((long) type.bytes() * out.count(), liveness.lastUse(out));
        View view = View.of(storage, type, shape(out));
        put(op, view);
        return view;
    }

    /** The memory of {@code x} when nothing reads it after this operation, otherwise new memory. */
    private View resultInPlaceOf(Op op, Tensor x) {
        View view = of(x);
        boolean free = view.storage().place() != Storage.Place.WEIGHTS
                && liveness.lastUse(x) == position
                && liveness.fixed(x) == liveness.fixed(op.out())
                && view.dense()
                && view.type() == formats.of(op.out())
                && x.count() == op.out().count();
        if (!free) {
            return result(op);
        }
        view.storage().extend(liveness.lastUse(op.out()));
        View same = view.reshape(shape(op.out()));
        put(op, same);
        return same;
    }

    private View dense(View view) {
        if (view.dense()) {
            return view;
        }
        View copy = View.of(plan.temporary(view.count() * view.type().bytes()), view.type(), view.shape());
        primitives.copy(view, copy);
        return copy;
    }

    private View wide(Tensor tensor) {
        View view = of(tensor);
        if (view.type() == ElementType.F32) {
            return view;
        }
        View copy = View.of(plan.temporary(view.count() * 4), ElementType.F32, view.shape());
        primitives.copy(view, copy);
        return copy;
    }

    /** A result in the type of matrix products; a conversion is kept for the result's other readers. */
    private View factor(Tensor tensor) {
        View view = of(tensor);
        if (view.type() == formats.factors()) {
            return view;
        }
        return narrowed.computeIfAbsent(tensor.id(), id -> {
            int last = Math.max(
                    position,
                    Math.min(liveness.lastUse(tensor), definition.ops().size()));
            Storage storage = plan.result(view.count() * formats.factors().bytes(), last);
            View copy = View.of(storage, formats.factors(), view.shape());
            primitives.copy(view, copy);
            return copy;
        });
    }

    /** Where a product of float32 factors goes: oneDNN has only plain loops for one that is rounded at once. */
    private View sumsOf(View x, View result) {
        boolean rounded = x.type() == ElementType.F32 && result.type() == ElementType.BF16;
        return rounded ? View.of(plan.temporary(4 * result.count()), ElementType.F32, result.shape()) : result;
    }

    private View factorRows(Tensor tensor) {
        return rows(factor(tensor));
    }

    private View rows(View view) {
        return view.hasRows() ? view.rows() : dense(view).rows();
    }

    @Override
    public void visit(Op.Input op) {
        Tensor out = op.out();
        put(op, View.of(plan.input(4L * out.count(), liveness.lastUse(out)), ElementType.F32, shape(out)));
    }

    @Override
    public void visit(Op.Constant op) {
        BytePointer address = network.allocate(cpu, 4L * op.values().length);
        new FloatPointer(address).put(op.values());
        put(op, View.of(Storage.weights(address, 4L * op.values().length), ElementType.F32, shape(op.out())));
    }

    @Override
    public void visit(Op.Parameter op) {
        put(op, weights.floats(op.name()));
    }

    @Override
    public void visit(Op.Linear op) {
        WeightMatrix matrix = WeightMatrix.linear(
                op.name() + ".weight", op.x().dim(-1), op.out().dim(-1));
        View bias = op.bias() ? weights.repeatedRow(op.name() + ".bias", 1) : null;
        View out = op.residual() == null ? result(op) : residualOf(op);
        for (Columns part : formats.columns(op)) {
            View x = part.exact() ? rows(of(op.x())) : factorRows(op.x());
            WeightMatrix taken = matrix.columns(part.from(), part.to());
            View added = bias == null ? null : bias.slice(1, part.from(), part.to());
            View target = out.rows().slice(1, part.from(), part.to());
            if (op.residual() == null) {
                addLinear(x, taken, added, target, op.activation());
            } else {
                products.linearAdded(x, taken, added, target);
            }
        }
    }

    private void addLinear(View x, WeightMatrix matrix, View bias, View result, Activation activation) {
        View out = sumsOf(x, result);
        products.linear(x, matrix, bias, out, activation);
        if (out != result) {
            primitives.copy(out, result);
        }
    }

    /** The residual of a linear layer where its result goes. */
    private View residualOf(Op.Linear op) {
        View residual = of(op.residual());
        boolean separate = !liveness.together(op.x(), op.residual());
        View out = separate ? resultInPlaceOf(op, op.residual()) : result(op);
        if (out.storage() != residual.storage()) {
            primitives.copyRepeated(residual, out);
        }
        return out;
    }

    @Override
    public void visit(Op.LayerNorm op) {
        View x = dense(wide(op.x())).rows(), out = result(op).rows();
        primitives.layerNorm(x, weights.floats(op.name() + ".weight"), weights.floats(op.name() + ".bias"), out);
    }

    @Override
    public void visit(Op.Attention op) {
        View bias = op.bias() == null ? null : of(op.bias());
        AttentionInputs inputs = new AttentionInputs(op.heads(), factor(op.q()), factor(op.k()), factor(op.v()), bias);
        new AttentionPlan(primitives, products, plan, threads, inputs, result(op)).add();
    }

    @Override
    public void visit(Op.Add op) {
        binary(op, dnnl.algorithm.binary_add, op.a(), op.b());
    }

    @Override
    public void visit(Op.Multiply op) {
        binary(op, dnnl.algorithm.binary_mul, op.a(), op.b());
    }

    private void binary(Op op, dnnl.algorithm kind, Tensor a, Tensor b) {
        View left = dense(of(a)), right = dense(of(b));
        View out = liveness.together(a, b) ? result(op) : resultInPlaceOf(op, a);
        primitives.binary(kind, left, right, out);
    }

    @Override
    public void visit(Op.Scale op) {
        View x = dense(of(op.x()));
        primitives.scale(op.factor(), op.shift(), x, resultInPlaceOf(op, op.x()));
    }

    @Override
    public void visit(Op.Activate op) {
        View x = dense(of(op.x()));
        switch (op.activation()) {
            case SIN, COS -> {
                View out = result(op);
                plan.add(JavaOperations.wave(x, out, op.activation() == Activation.COS));
            }
            default -> primitives.activate(op.activation(), x, resultInPlaceOf(op, op.x()));
        }
    }

    @Override
    public void visit(Op.MatMul op) {
        View a = of(op.a()), b = of(op.b());
        View right = op.transposeB() ? b.exchangeLast() : b;
        products.product(a, right, result(op));
    }

    @Override
    public void visit(Op.Concat op) {
        View out = result(op);
        long at = 0;
        for (Tensor part : op.inputs()) {
            primitives.copy(of(part), out.slice(op.axis(), at, at + part.dim(op.axis())));
            at += part.dim(op.axis());
        }
    }

    @Override
    public void visit(Op.Slice op) {
        put(op, of(op.x()).slice(op.axis(), op.from(), op.to()));
    }

    @Override
    public void visit(Op.Reshape op) {
        View x = of(op.x());
        if (x.dense()) {
            put(op, x.reshape(shape(op.out())));
        } else {
            View out = result(op);
            primitives.copy(x, out.reshape(x.shape()));
        }
    }

    @Override
    public void visit(Op.Repeat op) {
        primitives.copyRepeated(of(op.x()), result(op));
    }

    @Override
    public void visit(Op.Embedding op) {
        View table = weights.table(op.name());
        View ids = dense(of(op.ids()));
        primitives.embedding(table, ids, result(op).rows());
    }

    @Override
    public void visit(Op.ConvTranspose2x op) {
        int in = op.x().dim(2), out = op.out().dim(2);
        View x = factorRows(op.x());
        WeightMatrix matrix = WeightMatrix.transposedConvolution(op.name() + ".weight", in, out);
        View result = result(op).reshape(op.x().count() / in, 8L * out);
        View bias = weights.repeatedRow(op.name() + ".bias", 8);
        products.linear(x, matrix, bias, result, op.activation());
    }

    @Override
    public void visit(Op.BlockLayerNorm op) {
        View x = dense(wide(op.x())), out = result(op);
        View scale = weights.inBlockOrder(op.name() + ".weight", op.order());
        View shift = weights.inBlockOrder(op.name() + ".bias", op.order());
        long voxels = x.dim(1);
        View means = View.of(plan.temporary(4 * voxels), ElementType.F32, voxels);
        View variances = View.of(plan.temporary(4 * voxels), ElementType.F32, voxels);
        View mean = View.of(plan.temporary(4), ElementType.F32, 1, 1, 1);
        View factor = View.of(plan.temporary(4), ElementType.F32, 1, 1, 1);
        for (long b = 0; b < x.dim(0); b++) {
            View own = x.slice(0, b, b + 1), target = out.slice(0, b, b + 1);
            primitives.rowStatistics(own.rows(), means, variances, target.rows());
            plan.add(JavaOperations.joinStatistics(means, variances, mean, factor));
            List<Term> terms = List.of(
                    new Term(dnnl.algorithm.binary_mul, factor),
                    new Term(dnnl.algorithm.binary_mul, scale),
                    new Term(dnnl.algorithm.binary_add, shift));
            primitives.binary(dnnl.algorithm.binary_sub, own, mean, target, terms, op.activation());
        }
    }

    @Override
    public void visit(Op.UnfoldBlocks op) {
        plan.add(JavaOperations.unfold(dense(of(op.x())), result(op), op.order()));
    }

    @Override
    public void visit(Op.Trilinear op) {
        plan.add(JavaOperations.trilinear(dense(of(op.x())), result(op), op.from(), op.to()));
    }
}
