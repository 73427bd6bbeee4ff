package org.segvol.onednn;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.segvol.layers.Activation;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.Op;
import org.segvol.layers.Tensor;
import org.segvol.onednn.Gradients.Gradient;
import org.segvol.onednn.PlanBuilder.Plan;
import org.segvol.onednn.Primitives.Term;

/**
 * Turns a network's definition into primitives that compute it and then its gradients. Going forwards, each operation leaves behind what it
 * has to do on the way back; the way back is taken in the opposite order. Every intermediate result is kept until the way back has passed
 * it. Used once.
 *
 * <p>Positions in the plan: operation i of n runs at i, its way back at 2n - i; the gradients of the outputs are given at n.
 */
final class GradientCompiler implements Op.Visitor {
    private final NetworkDefinition definition;
    private final engine cpu;
    private final WeightStore weights;
    private final TrainedStore trained;
    private final NativeArena network;
    private final Dependence dependence;
    private final int threads;
    private final int n;
    private final PlanBuilder plan = new PlanBuilder();
    private final Primitives primitives;
    private final MatrixProducts products;
    private final GradientPrimitives reverse;
    private final Map<Integer, View> views = new HashMap<>();
    private final Gradients gradients;
    private final Runnable[] back;
    private int position;
    private int forwardOperations;

    /**
     * A compiler for one network.
     *
     * @param threads that the network will have
     * @param inputs names of inputs whose gradient is wanted
     * @param arena takes over what the network needs for as long as it lives
     */
    GradientCompiler(
            NetworkDefinition definition,
            engine cpu,
            WeightStore weights,
            TrainedStore trained,
            Set<String> inputs,
            int threads,
            NativeArena arena) {
        this.definition = definition;
        this.cpu = cpu;
        this.weights = weights;
        this.trained = trained;
        this.network = arena;
        this.threads = threads;
        this.n = definition.ops().size();
        this.back = new Runnable[n];
        this.dependence = new Dependence(definition, trained::has, inputs);
        this.primitives = new Primitives(cpu, plan, arena);
        this.products = new MatrixProducts(cpu, plan, weights, arena, primitives);
        this.reverse = new GradientPrimitives(cpu, plan, primitives);
        this.gradients =
                new Gradients(definition, cpu, arena, plan, primitives, products, dependence, trained, this::of);
    }

    /** Compiles all operations, forwards and back. */
    Plan compile() {
        for (position = 0; position < n; position++) {
            Op op = definition.ops().get(position);
            plan.begin(position, dependence.fixed(op.out()));
            op.accept(this);
        }
        forwardOperations = plan.count();
        position = n;
        plan.begin(position, false);
        for (Tensor output : definition.outputs().values()) {
            if (dependence.wanted(output)) {
                gradients.of(output).write();
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            Tensor out = definition.ops().get(i).out();
            if (back[i] != null && dependence.wanted(out) && gradients.of(out).written()) {
                position = 2 * n - i;
                plan.begin(position, false);
                back[i].run();
            }
        }
        return plan.finish();
    }

    /** How many operations of the plan's runs are the way forwards. */
    int forwardOperations() {
        return forwardOperations;
    }

    /** Where a result lies. */
    View of(Tensor tensor) {
        return views.get(tensor.id());
    }

    /** Where the gradient of an output is put, or that of a wanted input found; null when it depends on nothing that is wanted. */
    View gradientOf(Tensor tensor) {
        return dependence.wanted(tensor) ? gradients.of(tensor).view() : null;
    }

    /** Where the gradients of the parameters lie, of those that the network reads. */
    Map<String, View> parameterGradients() {
        return gradients.ofParameters();
    }

    private static long[] shape(Tensor tensor) {
        return View.shapeOf(tensor);
    }

    private void put(Op op, View view) {
        views.put(op.out().id(), view);
    }

    /** New memory that is kept until the way back of the present operation. */
    private View kept(long... shape) {
        long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        int last = plan.constant() ? Storage.FOREVER : 2 * n - position;
        return View.of(plan.result(4 * count, last), ElementType.F32, shape);
    }

    private View temporary(long... shape) {
        long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return View.of(plan.temporary(4 * count), ElementType.F32, shape);
    }

    private View result(Op op) {
        View view = kept(shape(op.out()));
        put(op, view);
        return view;
    }

    private View dense(View view) {
        if (view.dense()) {
            return view;
        }
        View copy = kept(view.shape());
        primitives.copy(view, copy);
        return copy;
    }

    private View rows(View view) {
        return view.hasRows() ? view.rows() : dense(view).rows();
    }

    /** A parameter in its stored shape. */
    private View parameter(String name) {
        return trained.has(name) ? trained.view(name) : weights.floats(name);
    }

    /** The gradient of an operation's result, in C order. */
    private View upstream(Op op) {
        return gradients.inOrder(gradients.of(op.out()).view());
    }

    private void wayBack(Runnable work) {
        back[position] = work;
    }

    @Override
    public void visit(Op.Input op) {
        put(op, View.of(plan.input(4L * op.out().count(), 2 * n), ElementType.F32, shape(op.out())));
    }

    @Override
    public void visit(Op.Constant op) {
        BytePointer address = network.allocate(cpu, 4L * op.values().length);
        new FloatPointer(address).put(op.values());
        put(op, View.of(Storage.weights(address, 4L * op.values().length), ElementType.F32, shape(op.out())));
    }

    @Override
    public void visit(Op.Parameter op) {
        put(op, parameter(op.name()));
    }

    @Override
    public void visit(Op.Linear op) {
        View x = rows(of(op.x())), weight = parameter(op.name() + ".weight"); // (O,I)
        View bias = op.bias() ? parameter(op.name() + ".bias").reshape(1, weight.dim(0)) : null;
        boolean active = op.activation() != Activation.NONE;
        View before = active ? kept(shape(op.out())) : result(op);
        if (op.residual() != null) {
            primitives.copyRepeated(of(op.residual()), before);
            products.product(x, weight.exchangeLast(), bias, before.rows(), 1, true);
        } else {
            products.product(x, weight.exchangeLast(), bias, before.rows(), 1, false);
        }
        if (active) {
            primitives.activate(op.activation(), before, result(op));
        }
        wayBack(() -> {
            View gradient = upstream(op);
            if (op.residual() != null) {
                gradients.pass(op.residual(), gradient);
            }
            if (active) {
                View inner = temporary(gradient.shape());
                reverse.activation(op.activation(), before, gradient, inner);
                gradient = inner;
            }
            View rows = gradient.rows();
            if (dependence.wanted(op.x())) {
                backIntoRows(op.x(), rows, weight);
            }
            if (trained.has(op.name() + ".weight")) {
                Gradient target = gradients.ofParameter(op.name() + ".weight");
                gradients.product(target, target.view(), rows.exchangeLast(), x, 1);
            }
            if (op.bias() && trained.has(op.name() + ".bias")) {
                gradients.passBias(op.name() + ".bias", rows);
            }
        });
    }

    /** Adds {@code gradient weight} to the gradient of x, whose rows it is of. */
    private void backIntoRows(Tensor x, View gradient, View weight) {
        Gradient target = gradients.of(x);
        if (target.view().hasRows()) {
            gradients.product(target, target.view().rows(), gradient, weight, 1);
            return;
        }
        View part = temporary(shape(x));
        products.product(gradient, weight, part.rows());
        gradients.pass(x, part);
    }

    @Override
    public void visit(Op.LayerNorm op) {
        View x = dense(of(op.x())).rows(), out = result(op).rows();
        View scale = parameter(op.name() + ".weight"), shift = parameter(op.name() + ".bias");
        View mean = kept(x.dim(0)), variance = kept(x.dim(0));
        reverse.layerNorm(x, scale, shift, mean, variance, out);
        wayBack(() -> {
            View gradient = upstream(op).rows();
            View part = temporary(shape(op.x()));
            View scaleOut = temporary(scale.shape()), shiftOut = temporary(shift.shape());
            reverse.layerNorm(x, scale, mean, variance, gradient, part.rows(), scaleOut, shiftOut);
            gradients.pass(op.x(), part);
            gradients.passParameter(op.name() + ".weight", scaleOut);
            gradients.passParameter(op.name() + ".bias", shiftOut);
        });
    }

    @Override
    public void visit(Op.Attention op) {
        if (op.bias() != null && dependence.wanted(op.bias())) {
            throw new IllegalArgumentException("the gradient of an attention bias is not computed");
        }
        View bias = op.bias() == null ? null : dense(of(op.bias()));
        AttentionInputs inputs = new AttentionInputs(op.heads(), of(op.q()), of(op.k()), of(op.v()), bias);
        if (!inputs.hasManyScores()) {
            attend(op, inputs);
            return;
        }
        new AttentionPlan(primitives, products, plan, threads, inputs, result(op)).add();
        wayBack(() -> {
            AttentionGradient.Targets targets = new AttentionGradient.Targets(
                    gradients.addedTo(op.q()), gradients.addedTo(op.k()), gradients.addedTo(op.v()));
            new AttentionGradient(primitives, reverse, products, plan, threads, inputs, upstream(op), targets).add();
        });
    }

    /** With all scores at once. */
    private void attend(Op.Attention op, AttentionInputs inputs) {
        long heads = op.heads();
        View q = inputs.q().batchedHeads(heads), k = inputs.k().batchedHeads(heads);
        View v = inputs.v().batchedHeads(heads), bias = inputs.bias();
        View shares = kept(q.dim(0), heads, q.dim(2), k.dim(2)); // (B,H,Nq,Nk)
        float scale = inputs.scale();
        products.product(q, k.exchangeLast(), null, shares, scale, false);
        if (bias != null) {
            View added = bias.reshape(bias.dim(0), 1, bias.dim(1), bias.dim(2));
            primitives.binary(dnnl.algorithm.binary_add, shares, added, shares);
        }
        primitives.softmax(primitives.prepareSoftmax(shares, shares), shares, shares);
        products.product(shares, v, result(op).batchedHeads(heads));
        wayBack(() -> {
            View gradient = upstream(op).batchedHeads(heads);
            backInto(op.v(), heads, shares.exchangeLast(), gradient, 1);
            if (dependence.wanted(op.q()) || dependence.wanted(op.k())) {
                View scores = temporary(shares.shape());
                products.product(gradient, v.exchangeLast(), scores);
                reverse.softmax(shares, scores, scores);
                backInto(op.q(), heads, scores, k, scale);
                backInto(op.k(), heads, scores.exchangeLast(), q, scale);
            }
        });
    }

    private void backInto(Tensor x, long heads, View a, View b, float factor) {
        if (dependence.wanted(x)) {
            Gradient target = gradients.of(x);
            gradients.product(target, target.view().batchedHeads(heads), a, b, factor);
        }
    }

    @Override
    public void visit(Op.Add op) {
        View a = dense(of(op.a())), b = dense(of(op.b()));
        primitives.binary(dnnl.algorithm.binary_add, a, b, result(op));
        wayBack(() -> {
            gradients.pass(op.a(), upstream(op));
            gradients.pass(op.b(), upstream(op));
        });
    }

    @Override
    public void visit(Op.Multiply op) {
        View a = dense(of(op.a())), b = dense(of(op.b()));
        primitives.binary(dnnl.algorithm.binary_mul, a, b, result(op));
        wayBack(() -> {
            View gradient = upstream(op);
            if (dependence.wanted(op.a())) {
                View part = temporary(gradient.shape());
                primitives.binary(dnnl.algorithm.binary_mul, gradient, b, part);
                gradients.pass(op.a(), part);
            }
            if (dependence.wanted(op.b())) {
                View part = temporary(gradient.shape());
                primitives.binary(dnnl.algorithm.binary_mul, gradient, a, part);
                gradients.pass(op.b(), part);
            }
        });
    }

    @Override
    public void visit(Op.Scale op) {
        primitives.scale(op.factor(), op.shift(), dense(of(op.x())), result(op));
        wayBack(() -> {
            View part = temporary(shape(op.x()));
            primitives.scale(op.factor(), 0, upstream(op), part);
            gradients.pass(op.x(), part);
        });
    }

    @Override
    public void visit(Op.Activate op) {
        View x = dense(of(op.x())), out = result(op);
        boolean wave = op.activation() == Activation.SIN || op.activation() == Activation.COS;
        if (wave) {
            plan.add(JavaOperations.wave(x, out, op.activation() == Activation.COS));
        } else {
            primitives.activate(op.activation(), x, out);
        }
        wayBack(() -> {
            if (wave) {
                throw new IllegalArgumentException("the gradient of " + op.activation() + " is not computed");
            }
            View part = temporary(shape(op.x()));
            reverse.activation(op.activation(), x, upstream(op), part);
            gradients.pass(op.x(), part);
        });
    }

    @Override
    public void visit(Op.MatMul op) {
        View a = of(op.a()), b = of(op.b());
        View right = op.transposeB() ? b.exchangeLast() : b; // (B,K,N)
        products.product(a, right, result(op));
        wayBack(() -> {
            View gradient = upstream(op); // (B,M,N)
            if (dependence.wanted(op.a())) {
                Gradient target = gradients.of(op.a());
                gradients.product(target, target.view(), gradient, right.exchangeLast(), 1);
            }
            if (dependence.wanted(op.b())) {
                Gradient target = gradients.of(op.b());
                if (op.transposeB()) {
                    gradients.product(target, target.view(), gradient.exchangeLast(), a, 1);
                } else {
                    gradients.product(target, target.view(), a.exchangeLast(), gradient, 1);
                }
            }
        });
    }

    @Override
    public void visit(Op.Concat op) {
        View out = result(op);
        long at = 0;
        for (Tensor part : op.inputs()) {
            primitives.copy(of(part), out.slice(op.axis(), at, at + part.dim(op.axis())));
            at += part.dim(op.axis());
        }
        wayBack(() -> {
            View gradient = upstream(op);
            long from = 0;
            for (Tensor part : op.inputs()) {
                gradients.pass(part, gradient.slice(op.axis(), from, from + part.dim(op.axis())));
                from += part.dim(op.axis());
            }
        });
    }

    @Override
    public void visit(Op.Slice op) {
        put(op, of(op.x()).slice(op.axis(), op.from(), op.to())); // its gradient is a part of that of x
    }

    @Override
    public void visit(Op.Reshape op) {
        View x = of(op.x());
        if (x.dense()) {
            put(op, x.reshape(shape(op.out())));
        } else {
            primitives.copy(x, result(op).reshape(x.shape()));
        }
        wayBack(() -> {
            if (gradients.of(op.out()).own()) {
                gradients.pass(op.x(), upstream(op).reshape(shape(op.x())));
            }
        });
    }

    @Override
    public void visit(Op.Repeat op) {
        primitives.copyRepeated(of(op.x()), result(op));
        wayBack(() -> gradients.pass(op.x(), upstream(op)));
    }

    @Override
    public void visit(Op.Embedding op) {
        View ids = dense(of(op.ids()));
        primitives.embedding(parameter(op.name()), ids, result(op).rows());
        wayBack(() -> {
            View target = gradients.begun(gradients.ofParameter(op.name()));
            plan.add(ReverseOperations.scatter(upstream(op).rows(), ids, target));
        });
    }

    @Override
    public void visit(Op.ConvTranspose2x op) {
        long in = op.x().dim(2), out = op.out().dim(2);
        String weightName = op.name() + ".weight", biasName = op.name() + ".bias";
        View x = rows(of(op.x()));
        View taps =
                parameter(weightName).reshape(in, out, 8).exchangeLast(); // (I,8,O), as the columns of the product are
        View matrix = kept(in, 8, out);
        primitives.copy(taps, matrix);
        View bias = kept(1, 8 * out);
        primitives.copyRepeated(parameter(biasName).reshape(1, out), bias.reshape(8, out));
        boolean active = op.activation() != Activation.NONE;
        View before = active ? kept(shape(op.out())) : result(op);
        products.product(x, matrix.reshape(in, 8 * out), bias, before.reshape(x.dim(0), 8 * out), 1, false);
        if (active) {
            primitives.activate(op.activation(), before, result(op));
        }
        wayBack(() -> {
            View gradient = upstream(op);
            if (active) {
                View inner = temporary(gradient.shape());
                reverse.activation(op.activation(), before, gradient, inner);
                gradient = inner;
            }
            View rows = gradient.reshape(x.dim(0), 8 * out);
            if (dependence.wanted(op.x())) {
                backIntoRows(op.x(), rows, matrix.reshape(in, 8 * out).exchangeLast());
            }
            if (trained.has(weightName)) {
                View part = temporary(in, 8, out);
                products.product(x.exchangeLast(), rows, part.reshape(in, 8 * out));
                Gradient target = gradients.ofParameter(weightName);
                gradients.put(
                        target, target.view().reshape(in, out, 8), seen -> primitives.copy(part.exchangeLast(), seen));
            }
            if (trained.has(biasName)) {
                gradients.passBias(biasName, gradient.rows());
            }
        });
    }

    @Override
    public void visit(Op.BlockLayerNorm op) {
        View x = dense(of(op.x())), scale = inBlockOrder(op, ".weight"), shift = inBlockOrder(op, ".bias");
        boolean active = op.activation() != Activation.NONE;
        View normal = active ? kept(shape(op.out())) : result(op);
        View means = kept(x.dim(0)), factors = kept(x.dim(0));
        long voxels = x.dim(1);
        View rowMeans = temporary(voxels), rowVariances = temporary(voxels);
        for (long b = 0; b < x.dim(0); b++) {
            View own = x.slice(0, b, b + 1), target = normal.slice(0, b, b + 1);
            View mean = means.slice(0, b, b + 1), factor = factors.slice(0, b, b + 1);
            primitives.rowStatistics(own.rows(), rowMeans, rowVariances, target.rows());
            plan.add(JavaOperations.joinStatistics(rowMeans, rowVariances, mean, factor));
            List<Term> terms = List.of(
                    new Term(dnnl.algorithm.binary_mul, factor.reshape(1, 1, 1)),
                    new Term(dnnl.algorithm.binary_mul, scale),
                    new Term(dnnl.algorithm.binary_add, shift));
            primitives.binary(dnnl.algorithm.binary_sub, own, mean.reshape(1, 1, 1), target, terms, Activation.NONE);
        }
        if (active) {
            primitives.activate(op.activation(), normal, result(op));
        }
        wayBack(() -> {
            View gradient = upstream(op);
            if (active) {
                View inner = temporary(gradient.shape());
                reverse.activation(op.activation(), normal, gradient, inner);
                gradient = inner;
            }
            View part = temporary(shape(op.x()));
            View scaleOut = temporary(scale.shape()), shiftOut = temporary(shift.shape());
            plan.add(ReverseOperations.zero(scaleOut));
            plan.add(ReverseOperations.zero(shiftOut));
            for (long b = 0; b < x.dim(0); b++) {
                plan.add(ReverseOperations.norm(new ReverseOperations.Norm(
                        x.slice(0, b, b + 1),
                        scale,
                        means.slice(0, b, b + 1),
                        factors.slice(0, b, b + 1),
                        gradient.slice(0, b, b + 1),
                        part.slice(0, b, b + 1),
                        scaleOut,
                        shiftOut)));
            }
            gradients.pass(op.x(), part);
            passFromBlockOrder(op, ".weight", scaleOut);
            passFromBlockOrder(op, ".bias", shiftOut);
        });
    }

    /** A parameter stored as (C,d,h,w), as (1,N,C) with the voxels in block order. */
    private View inBlockOrder(Op.BlockLayerNorm op, String end) {
        View stored = parameter(op.name() + end).blocks(op.order());
        View ordered = kept(stored.shape());
        primitives.copy(stored, ordered);
        return ordered.reshape(1, op.x().dim(1), op.x().dim(2));
    }

    private void passFromBlockOrder(Op.BlockLayerNorm op, String end, View gradient) {
        if (trained.has(op.name() + end)) {
            Gradient target = gradients.ofParameter(op.name() + end);
            View seen = target.view().blocks(op.order());
            gradients.put(
                    target,
                    target.view(),
                    out -> primitives.copy(gradient.reshape(seen.shape()), out.blocks(op.order())));
        }
    }

    @Override
    public void visit(Op.UnfoldBlocks op) {
        plan.add(JavaOperations.unfold(dense(of(op.x())), result(op), op.order()));
        wayBack(() -> {
            View part = temporary(shape(op.x()));
            plan.add(ReverseOperations.fold(upstream(op), part, op.order()));
            gradients.pass(op.x(), part);
        });
    }

    @Override
    public void visit(Op.Trilinear op) {
        plan.add(JavaOperations.trilinear(dense(of(op.x())), result(op), op.from(), op.to()));
        wayBack(() -> {
            View part = temporary(shape(op.x()));
            plan.add(ReverseOperations.trilinear(upstream(op), part, op.from(), op.to()));
            gradients.pass(op.x(), part);
        });
    }
}
