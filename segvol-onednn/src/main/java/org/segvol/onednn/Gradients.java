package org.segvol.onednn;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.Op;
import org.segvol.layers.Tensor;

/**
 * Where the gradients of results and parameters lie while a network is compiled, and how more is put there: the first overwrites, the rest
 * is added; the gradient of a slice or of another shape is a part of that of the whole.
 */
final class Gradients {
    private final NetworkDefinition definition;
    private final engine cpu;
    private final NativeArena network;
    private final PlanBuilder plan;
    private final Primitives primitives;
    private final MatrixProducts products;
    private final Dependence dependence;
    private final TrainedStore trained;
    private final Function<Tensor, View> results;
    private final int n;
    private final Map<Integer, Op> producers = new HashMap<>();
    private final Map<Integer, Gradient> gradients = new HashMap<>();
    private final Map<String, Gradient> parameterGradients = new LinkedHashMap<>();

    /**
     * No gradients yet.
     *
     * @param network takes over what is needed for as long as it lives
     * @param results where the results of operations that were compiled lie
     */
    Gradients(
            NetworkDefinition definition,
            engine cpu,
            NativeArena network,
            PlanBuilder plan,
            Primitives primitives,
            MatrixProducts products,
            Dependence dependence,
            TrainedStore trained,
            Function<Tensor, View> results) {
        this.definition = definition;
        this.cpu = cpu;
        this.network = network;
        this.plan = plan;
        this.primitives = primitives;
        this.products = products;
        this.dependence = dependence;
        this.trained = trained;
        this.results = results;
        this.n = definition.ops().size();
        definition.ops().forEach(op -> producers.put(op.out().id(), op));
    }

    /** Memory for a gradient. What is first put there overwrites, the rest is added. */
    static final class Gradient {
        private final View view;
        private final Gradient whole; // that this one is a part or another shape of; null for memory of its own
        private boolean written;

        Gradient(View view, Gradient whole) {
            this.view = view;
            this.whole = whole;
        }

        View view() {
            return view;
        }

        /** Whether it lies in memory of its own. */
        boolean own() {
            return whole == null;
        }

        boolean written() {
            return whole == null ? written : whole.written();
        }

        void write() {
            if (whole == null) {
                written = true;
            } else {
                whole.write();
            }
        }
    }

    /** Where the gradients of the parameters lie, of those that the network reads. */
    Map<String, View> ofParameters() {
        Map<String, View> found = new LinkedHashMap<>();
        parameterGradients.forEach((name, gradient) -> found.put(name, gradient.view));
        return found;
    }

    /** The gradient of a result. */
    Gradient of(Tensor tensor) {
        Gradient known = gradients.get(tensor.id());
        if (known == null) {
            known = makeGradient(tensor);
            gradients.put(tensor.id(), known);
        }
        return known;
    }

    private Gradient makeGradient(Tensor tensor) {
        Op op = producers.get(tensor.id());
        if (op instanceof Op.Parameter parameter) {
            return ofParameter(parameter.name());
        }
        if (op instanceof Op.Reshape reshape && isAlias(reshape)) {
            Gradient whole = of(reshape.x());
            if (whole.view.dense()) {
                return new Gradient(whole.view.reshape(View.shapeOf(tensor)), whole);
            }
        }
        if (op instanceof Op.Slice slice) {
            Gradient whole = of(slice.x());
            View all = begun(whole); // the other parts may be written by nobody
            return new Gradient(all.slice(slice.axis(), slice.from(), slice.to()), whole);
        }
        int last = op instanceof Op.Input
                ? Storage.FOREVER
                : 2 * n - definition.ops().indexOf(op);
        Storage storage = plan.result(4L * tensor.count(), last);
        return new Gradient(View.of(storage, ElementType.F32, View.shapeOf(tensor)), null);
    }

    private boolean isAlias(Op.Reshape op) {
        return results.apply(op.x()).storage() == results.apply(op.out()).storage();
    }

    /** The gradient of a parameter. */
    Gradient ofParameter(String name) {
        return parameterGradients.computeIfAbsent(name, key -> {
            View values = trained.view(key);
            Storage storage = plan.result(4 * values.count(), Storage.FOREVER);
            return new Gradient(View.of(storage, ElementType.F32, values.shape()), null);
        });
    }

    /** Where to add to the gradient of a result, which is zero if nothing was put there yet; null when it is not wanted. */
    View addedTo(Tensor tensor) {
        return dependence.wanted(tensor) ? begun(of(tensor)) : null;
    }

    /** Where to add to a gradient, which is zero if nothing was put there yet. */
    View begun(Gradient target) {
        if (!target.written()) {
            plan.add(ReverseOperations.zero(target.view));
            target.write();
        }
        return target.view;
    }

    /** Puts or adds {@code factor * a b} to a gradient, seen in the product's shape. */
    void product(Gradient target, View seen, View a, View b, float factor) {
        products.product(a, b, null, seen, factor, target.written());
        target.write();
    }

    /** Puts or adds what {@code write} puts into the view it is given to a gradient, seen in another dense shape. */
    void put(Gradient target, View seen, Consumer<View> write) {
        if (!target.written()) {
            write.accept(seen);
        } else {
            View part = temporary(seen.shape());
            write.accept(part);
            primitives.binary(dnnl.algorithm.binary_add, seen, part, seen);
        }
        target.write();
    }

    /** Adds a gradient to that of a tensor, summed over the axes along which the tensor was repeated. */
    void pass(Tensor tensor, View gradient) {
        if (!dependence.wanted(tensor)) {
            return;
        }
        Gradient target = of(tensor);
        boolean same = Arrays.equals(target.view.shape(), gradient.shape());
        put(target, target.view, out -> {
            if (same) {
                primitives.copy(gradient, out);
            } else {
                plan.add(ReverseOperations.sum(inOrder(gradient), out));
            }
        });
    }

    /** A view in C order: itself, or a copy for the present operation. */
    View inOrder(View view) {
        if (view.dense()) {
            return view;
        }
        View copy = temporary(view.shape());
        primitives.copy(view, copy);
        return copy;
    }

    /** Adds the sum of rows to the gradient of a bias. */
    void passBias(String name, View rows) {
        Gradient target = ofParameter(name);
        View seen = target.view.reshape(1, target.view.count());
        product(target, seen, ones(rows.dim(0)), rows, 1);
    }

    /** Adds to the gradient of a parameter that is trained. */
    void passParameter(String name, View gradient) {
        if (trained.has(name)) {
            Gradient target = ofParameter(name);
            put(target, target.view, out -> primitives.copy(gradient, out));
        }
    }

    private View ones(long count) {
        BytePointer address = network.allocate(cpu, 4 * count);
        float[] ones = new float[Math.toIntExact(count)];
        Arrays.fill(ones, 1);
        new FloatPointer(address).put(ones);
        return View.of(Storage.weights(address, 4 * count), ElementType.F32, 1, count);
    }

    private View temporary(long... shape) {
        long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return View.of(plan.temporary(4 * count), ElementType.F32, shape);
    }
}
