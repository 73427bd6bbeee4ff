package org.segvol.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.layer_normalization_forward;
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

    private final engine cpu;
    private final PlanBuilder plan;
    private final NativeArena network;

    Primitives(engine cpu, PlanBuilder plan, NativeArena network) {
        this.cpu = cpu;
        this.plan = plan;
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

    /** Layer norm over the last axis, with scale and shift (C). Views must be dense: oneDNN takes rows with gaps and reads wrong numbers. */
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
     * @param x (N,C), dense as for {@link #layerNorm}
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
            softmax_forward.primitive_desc desc = describeSoftmax(scope, dnnl.prop_kind.forward_inference, x, out);
            return prepare(new softmax_forward(desc), desc);
        }
    }

    /** A softmax over the last axis, owned by {@code scope}. */
    softmax_forward.primitive_desc describeSoftmax(NativeArena scope, dnnl.prop_kind kind, View x, View out) {
        return scope.own(new softmax_forward.primitive_desc(
                cpu,
                kind,
                dnnl.algorithm.softmax_accurate,
                scope.own(x.describe()),
                scope.own(out.describe()),
                x.rank() - 1,
                attributes(scope, Primitives::nothing),
                false));
    }

    /** Adds a prepared softmax. */
    void softmax(Prepared softmax, View x, View out) {
        add(softmax, List.of(Argument.of(dnnl.DNNL_ARG_SRC, x), Argument.of(dnnl.DNNL_ARG_DST, out)));
    }

    /** Copies elements to a view of the same shape, converting their type. */
    void copy(View from, View to) {
        reorder(from, to, Primitives::nothing);
    }

    private void reorder(View from, View to, Consumer<post_ops> fuse) {
        try (NativeArena scope = new NativeArena()) {
            reorder.primitive_desc desc = scope.own(new reorder.primitive_desc(
                    cpu, scope.own(from.describe()), cpu, scope.own(to.describe()), attributes(scope, fuse), false));
            add(new reorder(desc), desc, Argument.of(dnnl.DNNL_ARG_FROM, from), Argument.of(dnnl.DNNL_ARG_TO, to));
        }
    }

    /** Adds elements to those of a view of the same shape. */
    void addTo(View from, View to) {
        reorder(from, to, post_ops::append_sum);
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

    Prepared prepare(primitive made, primitive_desc_base desc) {
        try (memory.desc working = desc.scratchpad_desc()) {
            return new Prepared(network.own(made), working.get_size());
        }
    }

    void add(Prepared prepared, List<Argument> arguments) {
        List<Argument> all = new ArrayList<>(arguments);
        if (prepared.working() > 0) {
            Storage storage = plan.temporary(prepared.working());
            View bytes = View.of(storage, ElementType.U8, prepared.working());
            all.add(Argument.of(dnnl.DNNL_ARG_SCRATCHPAD, bytes));
        }
        plan.add(new PrimitiveOperation(prepared.work(), all));
    }
}
