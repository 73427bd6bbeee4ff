package org.segvol.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.layer_normalization_forward;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.softmax_forward;
import org.segvol.layers.Activation;
import org.segvol.onednn.PrimitiveOperation.Argument;

/** Appends oneDNN primitives to a plan. Primitives are owned by the network; their working memory is part of the plan. */
final class Primitives {
    static final float EPSILON = 1e-5f;
    private static final long USUAL_ROWS = 2048;

    private final engine cpu;
    private final PlanBuilder plan;
    private final WeightStore weights;
    private final NativeArena network;

    Primitives(engine cpu, PlanBuilder plan, WeightStore weights, NativeArena network) {
        this.cpu = cpu;
        this.plan = plan;
        this.weights = weights;
        this.network = network;
    }

    /** No operation fused. */
    static void nothing(post_ops fused) {}

    /** Fuses an activation; {@link Activation#NONE} is nothing. Sine and cosine cannot be fused. */
    static Consumer<post_ops> activation(Activation activation) {
        return fused -> {
            if (activation != Activation.NONE) {
                fused.append_eltwise(algorithm(activation), alpha(activation), 0);
            }
        };
    }

    static dnnl.algorithm algorithm(Activation activation) {
        return switch (activation) {
            case NONE -> dnnl.algorithm.eltwise_linear;
            case RELU -> dnnl.algorithm.eltwise_relu;
            case GELU -> dnnl.algorithm.eltwise_gelu_erf;
            case QUICK_GELU -> dnnl.algorithm.eltwise_swish;
            case SIN, COS -> throw new IllegalArgumentException("oneDNN has no " + activation);
        };
    }

    static float alpha(Activation activation) {
        return switch (activation) {
            case NONE -> 1;
            case QUICK_GELU -> 1.702f;
            default -> 0; // of ReLU the slope below zero; GELU has none
        };
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
            linear(x, matrix, bias, out, activation(activation));
            return;
        }
        plan.add(new GemmOperation(x, weights.plain(matrix), out, 1, false));
        if (bias != null) {
            binary(dnnl.algorithm.binary_add, out, bias, out);
        }
        if (activation != Activation.NONE) {
            activate(activation, out, out);
        }
    }

    /** {@code out += x W + b}. */
    void linearAdded(View x, WeightMatrix matrix, View bias, View out) {
        if (!multipliesDirectly(x, out)) {
            linear(x, matrix, bias, out, post_ops::append_sum);
            return;
        }
        if (bias != null) {
            binary(dnnl.algorithm.binary_add, out, bias, out);
        }
        plan.add(new GemmOperation(x, weights.plain(matrix), out, 1, true));
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
            List<Argument> arguments = new ArrayList<>();
            arguments.add(Argument.of(dnnl.DNNL_ARG_SRC, x));
            arguments.add(Argument.of(dnnl.DNNL_ARG_WEIGHTS, factor));
            arguments.add(Argument.of(dnnl.DNNL_ARG_DST, out));
            if (bias != null) {
                arguments.add(Argument.of(dnnl.DNNL_ARG_BIAS, bias));
            }
            matmul.primitive_desc desc = product(scope, x, taken, bias, out, fuse);
            add(new matmul(desc), desc, arguments);
        }
    }

    private memory packed(
            NativeArena scope, View x, WeightMatrix matrix, View bias, View out, Consumer<post_ops> fuse) {
        memory.desc free = scope.own(
                new memory.desc(new long[] {matrix.in(), matrix.out()}, x.type().dnnl(), memory.format_tag.any));
        matmul.primitive_desc best = product(scope, x, free, bias, out, fuse);
        memory.desc usual = scope.own(usualPacking(scope, x, free, bias, out, fuse));
        boolean serves = name(product(scope, x, usual, bias, out, fuse)).equals(name(best));
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
        return product(scope, rows, free, bias, results, fuse).weights_desc();
    }

    private matmul.primitive_desc product(
            NativeArena scope, View x, memory.desc w, View bias, View out, Consumer<post_ops> fuse) {
        primitive_attr attributes = attributes(scope, fuse);
        memory.desc src = scope.own(x.describe()), dst = scope.own(out.describe());
        return scope.own(
                bias == null
                        ? new matmul.primitive_desc(cpu, src, w, dst, attributes, false)
                        : new matmul.primitive_desc(cpu, src, w, scope.own(bias.describe()), dst, attributes, false));
    }

    /** {@code out = f(a b + bias)} for matrices that are not packed; bias (1, out) or null. */
    void matmul(View a, View b, View bias, View out, Consumer<post_ops> fuse) {
        try (NativeArena scope = new NativeArena()) {
            matmul.primitive_desc desc = product(scope, a, scope.own(b.describe()), bias, out, fuse);
            List<Argument> arguments = new ArrayList<>();
            arguments.add(Argument.of(dnnl.DNNL_ARG_SRC, a));
            arguments.add(Argument.of(dnnl.DNNL_ARG_WEIGHTS, b));
            arguments.add(Argument.of(dnnl.DNNL_ARG_DST, out));
            if (bias != null) {
                arguments.add(Argument.of(dnnl.DNNL_ARG_BIAS, bias));
            }
            add(new matmul(desc), desc, arguments);
        }
    }

    /** Batched matrix product of two activations, all of one rank. */
    void matmul(View a, View b, View out) {
        matmul(prepareMatmul(a, b, out, Primitives::nothing), a, b, out);
    }

    /** A batched matrix product for views of these forms. */
    Prepared prepareMatmul(View a, View b, View out, Consumer<post_ops> fuse) {
        try (NativeArena scope = new NativeArena()) {
            matmul.primitive_desc desc = product(scope, a, scope.own(b.describe()), null, out, fuse);
            return prepare(new matmul(desc), desc);
        }
    }

    /**
     * A batched matrix product whose right factor is first brought into the layout that oneDNN likes best.
     *
     * @param product to be used again and again with one right factor
     * @param pack brings a right factor into the layout
     * @param layout owned by the network
     */
    record Packing(Prepared product, Prepared pack, memory.desc layout) {}

    /** A batched matrix product with a packed right factor, for views of these forms. */
    Packing preparePacked(View a, View b, View out, Consumer<post_ops> fuse) {
        try (NativeArena scope = new NativeArena()) {
            memory.desc free = scope.own(new memory.desc(b.shape(), b.type().dnnl(), memory.format_tag.any));
            matmul.primitive_desc desc = product(scope, a, free, null, out, fuse);
            memory.desc layout = network.own(desc.weights_desc());
            reorder.primitive_desc packing = scope.own(new reorder.primitive_desc(
                    cpu, scope.own(b.describe()), cpu, layout, attributes(scope, Primitives::nothing), false));
            return new Packing(prepare(new matmul(desc), desc), prepare(new reorder(packing), packing), layout);
        }
    }

    /** Packs a right factor into memory of the present operation. */
    View pack(Packing packing, View b) {
        long bytes = packing.layout().get_size();
        View packed = View.of(plan.temporary(bytes), ElementType.U8, bytes);
        add(
                packing.pack(),
                List.of(Argument.of(dnnl.DNNL_ARG_FROM, b), Argument.of(dnnl.DNNL_ARG_TO, packed, packing.layout())));
        return packed;
    }

    /** Adds a product with a right factor that {@link #pack} has packed. */
    void matmul(Packing packing, View a, View packed, View out) {
        add(
                packing.product(),
                List.of(
                        Argument.of(dnnl.DNNL_ARG_SRC, a),
                        Argument.of(dnnl.DNNL_ARG_WEIGHTS, packed, packing.layout()),
                        Argument.of(dnnl.DNNL_ARG_DST, out)));
    }

    /** Adds a prepared product. */
    void matmul(Prepared product, View a, View b, View out) {
        add(
                product,
                List.of(
                        Argument.of(dnnl.DNNL_ARG_SRC, a),
                        Argument.of(dnnl.DNNL_ARG_WEIGHTS, b),
                        Argument.of(dnnl.DNNL_ARG_DST, out)));
    }

    /** {@code out = a op b}; b may have size 1 on axes where a has more. */
    void binary(dnnl.algorithm kind, View a, View b, View out) {
        binary(kind, a, b, out, List.of(), Activation.NONE);
    }

    /** One more factor or term that is fused into a binary operation. */
    record Term(dnnl.algorithm kind, View view) {}

    /** {@code out = f((a op b) op term op term ...)}; b and the terms may have size 1 on axes where a has more. */
    void binary(dnnl.algorithm kind, View a, View b, View out, List<Term> terms, Activation activation) {
        try (NativeArena scope = new NativeArena()) {
            primitive_attr attributes = attributes(scope, fused -> {
                for (Term term : terms) {
                    fused.append_binary(term.kind(), scope.own(term.view().describe()));
                }
                activation(activation).accept(fused);
            });
            binary.primitive_desc desc = scope.own(new binary.primitive_desc(
                    cpu,
                    kind,
                    scope.own(a.describe()),
                    scope.own(b.describe()),
                    scope.own(out.describe()),
                    attributes,
                    false));
            List<Argument> arguments = new ArrayList<>();
            arguments.add(Argument.of(dnnl.DNNL_ARG_SRC_0, a));
            arguments.add(Argument.of(dnnl.DNNL_ARG_SRC_1, b));
            arguments.add(Argument.of(dnnl.DNNL_ARG_DST, out));
            for (int i = 0; i < terms.size(); i++) {
                int index = dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * (i + 1) | dnnl.DNNL_ARG_SRC_1;
                arguments.add(Argument.of(index, terms.get(i).view()));
            }
            add(new binary(desc), desc, arguments);
        }
    }

    /** An activation alone. */
    void activate(Activation activation, View x, View out) {
        elementwise(algorithm(activation), alpha(activation), 0, x, out);
    }

    /** {@code out = factor * x + shift}. */
    void scale(float factor, float shift, View x, View out) {
        elementwise(dnnl.algorithm.eltwise_linear, factor, shift, x, out);
    }

    private void elementwise(dnnl.algorithm kind, float alpha, float beta, View x, View out) {
        try (NativeArena scope = new NativeArena()) {
            eltwise_forward.primitive_desc desc = scope.own(new eltwise_forward.primitive_desc(
                    cpu,
                    dnnl.prop_kind.forward_inference,
                    kind,
                    scope.own(x.describe()),
                    scope.own(out.describe()),
                    alpha,
                    beta,
                    attributes(scope, Primitives::nothing),
                    false));
            add(
                    new eltwise_forward(desc),
                    desc,
                    Argument.of(dnnl.DNNL_ARG_SRC, x),
                    Argument.of(dnnl.DNNL_ARG_DST, out));
        }
    }

    /** Layer norm over the last axis, with scale and shift (C). */
    void layerNorm(View x, View scale, View shift, View out) {
        try (NativeArena scope = new NativeArena()) {
            layer_normalization_forward.primitive_desc desc = scope.own(new layer_normalization_forward.primitive_desc(
                    cpu,
                    dnnl.prop_kind.forward_inference.value,
                    scope.own(x.describe()),
                    scope.own(out.describe()),
                    EPSILON,
                    dnnl.normalization_flags.use_scale.value | dnnl.normalization_flags.use_shift.value,
                    attributes(scope, Primitives::nothing),
                    false));
            add(
                    new layer_normalization_forward(desc),
                    desc,
                    Argument.of(dnnl.DNNL_ARG_SRC, x),
                    Argument.of(dnnl.DNNL_ARG_SCALE, scale),
                    Argument.of(dnnl.DNNL_ARG_SHIFT, shift),
                    Argument.of(dnnl.DNNL_ARG_DST, out));
        }
    }

    /**
     * Mean and variance of each row, as they stand before the normalisation that {@code out} receives.
     *
     * @param x (N,C)
     * @param mean (N)
     * @param variance (N), with divisor C
     */
    void rowStatistics(View x, View mean, View variance, View out) {
        try (NativeArena scope = new NativeArena()) {
            layer_normalization_forward.primitive_desc desc = scope.own(new layer_normalization_forward.primitive_desc(
                    cpu,
                    dnnl.prop_kind.forward_training.value,
                    scope.own(x.describe()),
                    scope.own(out.describe()),
                    EPSILON,
                    dnnl.normalization_flags.none.value,
                    attributes(scope, Primitives::nothing),
                    false));
            add(
                    new layer_normalization_forward(desc),
                    desc,
                    Argument.of(dnnl.DNNL_ARG_SRC, x),
                    Argument.of(dnnl.DNNL_ARG_MEAN, mean),
                    Argument.of(dnnl.DNNL_ARG_VARIANCE, variance),
                    Argument.of(dnnl.DNNL_ARG_DST, out));
        }
    }

    /** Softmax over the last axis, for views of these forms. */
    Prepared prepareSoftmax(View x, View out) {
        try (NativeArena scope = new NativeArena()) {
            softmax_forward.primitive_desc desc = scope.own(new softmax_forward.primitive_desc(
                    cpu,
                    dnnl.prop_kind.forward_inference,
                    dnnl.algorithm.softmax_accurate,
                    scope.own(x.describe()),
                    scope.own(out.describe()),
                    x.rank() - 1,
                    attributes(scope, Primitives::nothing),
                    false));
            return prepare(new softmax_forward(desc), desc);
        }
    }

    /** Adds a prepared softmax. */
    void softmax(Prepared softmax, View x, View out) {
        add(softmax, List.of(Argument.of(dnnl.DNNL_ARG_SRC, x), Argument.of(dnnl.DNNL_ARG_DST, out)));
    }

    /** Copies elements to a view of the same shape, converting their type. */
    void copy(View from, View to) {
        try (NativeArena scope = new NativeArena()) {
            reorder.primitive_desc desc = scope.own(new reorder.primitive_desc(
                    cpu,
                    scope.own(from.describe()),
                    cpu,
                    scope.own(to.describe()),
                    attributes(scope, Primitives::nothing),
                    false));
            add(new reorder(desc), desc, Argument.of(dnnl.DNNL_ARG_FROM, from), Argument.of(dnnl.DNNL_ARG_TO, to));
        }
    }

    /** Copies a view, over and over along axes where it has size 1. */
    void copyRepeated(View from, View to) {
        for (int axis = 0; axis < to.rank(); axis++) {
            if (from.dim(axis) != to.dim(axis)) {
                for (long i = 0; i < to.dim(axis); i++) {
                    copyRepeated(from, to.slice(axis, i, i + 1));
                }
                return;
            }
        }
        copy(from, to);
    }

    /** Rows of a table (V,C), chosen by whole numbers, to (number of ids, C). */
    void embedding(View table, View ids, View out) {
        try (NativeArena scope = new NativeArena()) {
            reorder.primitive_desc desc = scope.own(new reorder.primitive_desc(
                    cpu,
                    scope.own(table.slice(0, 0, 1).describe()),
                    cpu,
                    scope.own(out.slice(0, 0, 1).describe())));
            plan.add(new EmbeddingOperation(network.own(new reorder(desc)), table, ids, out));
        }
    }

    static primitive_attr attributes(NativeArena scope, Consumer<post_ops> fuse) {
        primitive_attr attributes = scope.own(new primitive_attr());
        attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user); // so that executions do not share working memory
        post_ops fused = scope.own(new post_ops());
        fuse.accept(fused);
        attributes.set_post_ops(fused);
        return attributes;
    }

    private static String name(primitive_desc_base desc) {
        try (var text = desc.impl_info_str()) {
            return text.getString();
        }
    }

    void add(primitive made, primitive_desc_base desc, Argument... arguments) {
        add(made, desc, List.of(arguments));
    }

    void add(primitive made, primitive_desc_base desc, List<Argument> arguments) {
        add(prepare(made, desc), arguments);
    }

    /**
     * A primitive that can be used on several places of the same form.
     *
     * @param work owned by the network
     * @param working bytes of working memory
     */
    record Prepared(primitive work, long working) {}

    private Prepared prepare(primitive made, primitive_desc_base desc) {
        try (memory.desc working = desc.scratchpad_desc()) {
            return new Prepared(network.own(made), working.get_size());
        }
    }

    private void add(Prepared prepared, List<Argument> arguments) {
        List<Argument> all = new ArrayList<>(arguments);
        if (prepared.working() > 0) {
            Storage storage = plan.temporary(prepared.working());
            View bytes = View.of(storage, ElementType.U8, prepared.working());
            all.add(Argument.of(dnnl.DNNL_ARG_SCRATCHPAD, bytes));
        }
        plan.add(new PrimitiveOperation(prepared.work(), all));
    }
}
