package org.segvol.onednn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.segvol.layers.Activation;
import org.segvol.onednn.PrimitiveOperation.Argument;
import org.segvol.onednn.Primitives.Prepared;

/** Appends matrix products to a plan: with weights and between results, as primitives or directly (see {@link Products}). */
final class MatrixProducts {
    private static final long USUAL_ROWS = 2048;
    /** Multiplications of a product that may be made directly; smaller ones of a batch are better made together. */
    private static final long LARGE_PRODUCT = 1L << 21;

    private final engine cpu;
    private final PlanBuilder plan;
    private final WeightStore weights;
    private final NativeArena network;
    private final Primitives primitives;

    MatrixProducts(engine cpu, PlanBuilder plan, WeightStore weights, NativeArena network, Primitives primitives) {
        this.cpu = cpu;
        this.plan = plan;
        this.weights = weights;
        this.network = network;
        this.primitives = primitives;
    }

    /**
     * {@code out = activation(x W + b)} for rows of x.
     *
     * @param x (rows, in)
     * @param bias (1, out), or null
     * @param out (rows, out)
     */
    void linear(View x, WeightMatrix matrix, View bias, View out, Activation activation) {
        if (!multipliesDirectly(x, out)) {
            linear(x, matrix, bias, out, Primitives.activation(activation));
            return;
        }
        plan.add(new GemmOperation(x, weights.plain(matrix), out, 1, false));
        addBias(bias, out);
        if (activation != Activation.NONE) {
            primitives.activate(activation, out, out);
        }
    }

    /** {@code out += x W + b}. */
    void linearAdded(View x, WeightMatrix matrix, View bias, View out) {
        if (!multipliesDirectly(x, out)) {
            linear(x, matrix, bias, out, post_ops::append_sum);
            return;
        }
        addBias(bias, out);
        plan.add(new GemmOperation(x, weights.plain(matrix), out, 1, true));
    }

    private void addBias(View bias, View out) {
        if (bias != null) {
            primitives.binary(dnnl.algorithm.binary_add, out, bias, out);
        }
    }

    private boolean multipliesDirectly(View x, View out) {
        return x.dim(0) >= WeightStore.MANY_ROWS && multipliesDirectly(x.type()) && out.type() == ElementType.F32;
    }

    /** Whether large products of factors of a type are made without primitives. */
    boolean multipliesDirectly(ElementType factors) {
        return factors == ElementType.F32 && weights.products() == Products.DIRECT;
    }

    /**
     * As a primitive, with fused operations. Few rows take W as it lies in the file, if they can: packing it takes longer than the product, and
     * memory for a second copy.
     */
    private void linear(View x, WeightMatrix matrix, View bias, View out, Consumer<post_ops> fuse) {
        try (NativeArena scope = new NativeArena()) {
            Optional<memory> inPlace = weights.inPlace(matrix, x.type(), x.dim(0));
            memory factor = inPlace.isPresent() ? inPlace.get() : packed(scope, x, matrix, bias, out, fuse);
            memory.desc taken = scope.own(factor.get_desc());
            matmul.primitive_desc desc = describe(scope, x, taken, bias, out, fuse);
            Argument weight = Argument.of(dnnl.DNNL_ARG_WEIGHTS, factor);
            primitives.add(new matmul(desc), desc, arguments(x, weight, bias, out));
        }
    }

    private static List<Argument> arguments(View x, Argument weights, View bias, View out) {
        List<Argument> arguments = new ArrayList<>();
        arguments.add(Argument.of(dnnl.DNNL_ARG_SRC, x));
        arguments.add(weights);
        arguments.add(Argument.of(dnnl.DNNL_ARG_DST, out));
        if (bias != null) {
            arguments.add(Argument.of(dnnl.DNNL_ARG_BIAS, bias));
        }
        return arguments;
    }

    private memory packed(
            NativeArena scope, View x, WeightMatrix matrix, View bias, View out, Consumer<post_ops> fuse) {
        memory.desc free = scope.own(
                new memory.desc(new long[] {matrix.in(), matrix.out()}, x.type().dnnl(), memory.format_tag.any));
        matmul.primitive_desc best = describe(scope, x, free, bias, out, fuse);
        memory.desc usual = scope.own(usualPacking(scope, x, free, bias, out, fuse));
        boolean serves = name(describe(scope, x, usual, bias, out, fuse)).equals(name(best));
        return weights.packed(matrix, serves ? usual : scope.own(best.weights_desc()));
    }

    /**
     * The packing that many rows like best. Fewer rows take it too where that is as fast, so that a matrix is seldom packed twice; it must not
     * depend on what was packed before, or the bits of a result would depend on what was compiled before.
     */
    private memory.desc usualPacking(
            NativeArena scope, View x, memory.desc free, View bias, View out, Consumer<post_ops> fuse) {
        View rows = View.of(null, x.type(), USUAL_ROWS, x.dim(1)),
                results = View.of(null, out.type(), USUAL_ROWS, out.dim(1));
        return describe(scope, rows, free, bias, results, fuse).weights_desc();
    }

    private matmul.primitive_desc describe(
            NativeArena scope, View x, memory.desc w, View bias, View out, Consumer<post_ops> fuse) {
        primitive_attr attributes = Primitives.attributes(scope, fuse);
        memory.desc src = scope.own(x.describe()), dst = scope.own(out.describe());
        return scope.own(
                bias == null
                        ? new matmul.primitive_desc(cpu, src, w, dst, attributes, false)
                        : new matmul.primitive_desc(cpu, src, w, scope.own(bias.describe()), dst, attributes, false));
    }

    /**
     * {@code out = factor * a b + bias}, or that added to what is there, for factors that are not packed and views of one rank. Products that
     * oneDNN's kernels get wrong for some strides are made entry by entry: batches of two axes, and of matrices without an inner length.
     */
    void product(View a, View b, View bias, View out, float factor, boolean added) {
        int rows = out.rank() - 2, columns = out.rank() - 1;
        long size = a.dim(rows) * a.dim(columns) * b.dim(columns);
        if (size >= LARGE_PRODUCT && multipliesDirectly(a.type()) && out.stride(columns) == 1) {
            multiplyEach(a, b, out, factor, added);
            addBias(bias, out);
            return;
        }
        if (out.rank() > 3 || (out.rank() == 3 && a.dim(columns) == 1)) {
            for (long i = 0; i < out.dim(0); i++) {
                product(a.entry(i), b.entry(i), bias, out.entry(i), factor, added);
            }
            return;
        }
        try (NativeArena scope = new NativeArena()) {
            matmul.primitive_desc desc = describe(scope, a, scope.own(b.describe()), bias, out, fuse(factor, added));
            Argument right = Argument.of(dnnl.DNNL_ARG_WEIGHTS, b);
            primitives.add(new matmul(desc), desc, arguments(a, right, bias, out));
        }
    }

    private static Consumer<post_ops> fuse(float factor, boolean added) {
        return fused -> {
            if (factor != 1) {
                fused.append_eltwise(dnnl.algorithm.eltwise_linear, factor, 0);
            }
            if (added) {
                fused.append_sum();
            }
        };
    }

    /** {@code out = a b}, as {@link #product(View, View, View, View, float, boolean)}. */
    void product(View a, View b, View out) {
        product(a, b, null, out, 1, false);
    }

    /** Multiplies the matrices of a batch one after the other. */
    private void multiplyEach(View a, View b, View out, float factor, boolean added) {
        if (out.rank() == 2) {
            plan.add(new GemmOperation(a, b, out, factor, added));
            return;
        }
        for (long i = 0; i < out.dim(0); i++) {
            multiplyEach(a.entry(i), b.entry(i), out.entry(i), factor, added);
        }
    }

    /** A batched matrix product for views of these forms. */
    Prepared prepareMatmul(View a, View b, View out, float scale) {
        try (NativeArena scope = new NativeArena()) {
            matmul.primitive_desc desc = describe(scope, a, scope.own(b.describe()), null, out, fuse(scale, false));
            return primitives.prepare(new matmul(desc), desc);
        }
    }

    /**
     * Products {@code out = scale * a b}, or that added to what is there, with right factors b of one form that each serve several products. To
     * be used within one operation of the definition.
     */
    RightFactor rightFactor(float scale, boolean added) {
        return new RightFactor(scale, added);
    }

    /** See {@link #rightFactor}. A factor is packed once, or taken as it lies where products are made directly. */
    final class RightFactor {
        private final float scale;
        private final boolean added;
        private final Map<Long, Packed> packings = new HashMap<>(); // by the rows of the left factor
        private final Set<View> filled = new HashSet<>(); // places in which the present factor is packed already
        private View plain;

        /**
         * A packing of right factors, and a product with them.
         *
         * @param layout owned by the network
         */
        private record Packed(Prepared product, Prepared packing, memory.desc layout, View place) {}

        private RightFactor(float scale, boolean added) {
            this.scale = scale;
            this.added = added;
        }

        /** Turns to another right factor, of the same form as the one before. */
        void take(View b) {
            plain = b;
            filled.clear();
        }

        /** Adds a product; all left factors and results have the same forms but for their rows. */
        void multiply(View a, View out) {
            if (multipliesDirectly(a.type())) {
                multiplyEach(a, plain, out, scale, added);
                return;
            }
            Packed packed = packings.computeIfAbsent(a.dim(a.rank() - 2), rows -> prepare(a, out));
            if (filled.add(packed.place())) {
                primitives.add(
                        packed.packing(),
                        List.of(
                                Argument.of(dnnl.DNNL_ARG_FROM, plain),
                                Argument.of(dnnl.DNNL_ARG_TO, packed.place(), packed.layout())));
            }
            Argument right = Argument.of(dnnl.DNNL_ARG_WEIGHTS, packed.place(), packed.layout());
            primitives.add(packed.product(), arguments(a, right, null, out));
        }

        private Packed prepare(View a, View out) {
            try (NativeArena scope = new NativeArena()) {
                memory.desc free =
                        scope.own(new memory.desc(plain.shape(), plain.type().dnnl(), memory.format_tag.any));
                matmul.primitive_desc desc = describe(scope, a, free, null, out, fuse(scale, added));
                memory.desc layout = network.own(desc.weights_desc());
                Prepared product = primitives.prepare(new matmul(desc), desc);
                for (Packed other : packings.values()) {
                    if (other.layout().equals(layout)) {
                        return new Packed(product, other.packing(), other.layout(), other.place());
                    }
                }
                reorder.primitive_desc packing = scope.own(new reorder.primitive_desc(
                        cpu,
                        scope.own(plain.describe()),
                        cpu,
                        layout,
                        Primitives.attributes(scope, Primitives::nothing),
                        false));
                View place = View.of(plan.temporary(layout.get_size()), ElementType.U8, layout.get_size());
                return new Packed(product, primitives.prepare(new reorder(packing), packing), layout, place);
            }
        }
    }

    /** Adds a prepared product. */
    void matmul(Prepared product, View a, View b, View out) {
        primitives.add(product, arguments(a, Argument.of(dnnl.DNNL_ARG_WEIGHTS, b), null, out));
    }

    private static String name(primitive_desc_base desc) {
        try (var text = desc.impl_info_str()) {
            return text.getString();
        }
    }
}
