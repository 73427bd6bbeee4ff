package org.segvol.onednn;

import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.layer_normalization_backward;
import org.bytedeco.dnnl.layer_normalization_forward;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;
import org.segvol.layers.Activation;
import org.segvol.onednn.PrimitiveOperation.Argument;

/** Appends the primitives that only gradients need. All views are float32. */
final class GradientPrimitives {
    private static final int SCALE_AND_SHIFT =
            dnnl.normalization_flags.use_scale.value | dnnl.normalization_flags.use_shift.value;

    private final engine cpu;
    private final PlanBuilder plan;
    private final Primitives primitives;

    GradientPrimitives(engine cpu, PlanBuilder plan, Primitives primitives) {
        this.cpu = cpu;
        this.plan = plan;
        this.primitives = primitives;
    }

    /** Gradient of an activation: {@code out = gradient * f'(x)}. */
    void activation(Activation activation, View x, View gradient, View out) {
        try (NativeArena scope = new NativeArena()) {
            float alpha = Primitives.alpha(activation);
            eltwise_forward.primitive_desc hint = scope.own(new eltwise_forward.primitive_desc(
                    cpu,
                    dnnl.prop_kind.forward_training,
                    Primitives.algorithm(activation),
                    scope.own(x.describe()),
                    scope.own(x.describe()),
                    alpha,
                    0,
                    Primitives.attributes(scope, Primitives::nothing),
                    false));
            eltwise_backward.primitive_desc desc = scope.own(new eltwise_backward.primitive_desc(
                    cpu,
                    Primitives.algorithm(activation),
                    scope.own(out.describe()),
                    scope.own(gradient.describe()),
                    scope.own(x.describe()),
                    alpha,
                    0,
                    hint,
                    Primitives.attributes(scope, Primitives::nothing),
                    false));
            primitives.add(
                    new eltwise_backward(desc),
                    desc,
                    Argument.of(dnnl.DNNL_ARG_SRC, x),
                    Argument.of(dnnl.DNNL_ARG_DIFF_DST, gradient),
                    Argument.of(dnnl.DNNL_ARG_DIFF_SRC, out));
        }
    }

    /**
     * Gradient of a softmax over the last axis, from its result; {@code out} may be {@code gradient}. By a loop of our own where
     * oneDNN has no tuned one.
     */
    void softmax(View result, View gradient, View out) {
        if (!OneDnnLibrary.hasAvx512()) {
            plan.add(ReverseOperations.softmax(result, gradient, out));
            return;
        }
        try (NativeArena scope = new NativeArena()) {
            softmax_forward.primitive_desc hint =
                    primitives.describeSoftmax(scope, dnnl.prop_kind.forward_training, result, result);
            softmax_backward.primitive_desc desc = scope.own(new softmax_backward.primitive_desc(
                    cpu,
                    dnnl.algorithm.softmax_accurate,
                    scope.own(out.describe()),
                    scope.own(gradient.describe()),
                    scope.own(result.describe()),
                    result.rank() - 1,
                    hint,
                    Primitives.attributes(scope, Primitives::nothing),
                    false));
            primitives.add(
                    new softmax_backward(desc),
                    desc,
                    Argument.of(dnnl.DNNL_ARG_DST, result),
                    Argument.of(dnnl.DNNL_ARG_DIFF_DST, gradient),
                    Argument.of(dnnl.DNNL_ARG_DIFF_SRC, out));
        }
    }

    private layer_normalization_forward.primitive_desc layerNorm(NativeArena scope, View x, View out) {
        return scope.own(new layer_normalization_forward.primitive_desc(
                cpu,
                dnnl.prop_kind.forward_training.value,
                scope.own(x.describe()),
                scope.own(out.describe()),
                Primitives.EPSILON,
                SCALE_AND_SHIFT,
                Primitives.attributes(scope, Primitives::nothing),
                false));
    }

    /** Layer norm of rows that keeps what its gradient needs: mean and variance of each row. */
    void layerNorm(View x, View scale, View shift, View mean, View variance, View out) {
        try (NativeArena scope = new NativeArena()) {
            layer_normalization_forward.primitive_desc desc = layerNorm(scope, x, out);
            primitives.add(
                    new layer_normalization_forward(desc),
                    desc,
                    Argument.of(dnnl.DNNL_ARG_SRC, x),
                    Argument.of(dnnl.DNNL_ARG_SCALE, scale),
                    Argument.of(dnnl.DNNL_ARG_SHIFT, shift),
                    Argument.of(dnnl.DNNL_ARG_MEAN, mean),
                    Argument.of(dnnl.DNNL_ARG_VARIANCE, variance),
                    Argument.of(dnnl.DNNL_ARG_DST, out));
        }
    }

    /** Gradients of layer norm: of its rows, of its scale and of its shift. */
    void layerNorm(
            View x, View scale, View mean, View variance, View gradient, View out, View scaleOut, View shiftOut) {
        try (NativeArena scope = new NativeArena()) {
            layer_normalization_backward.primitive_desc desc =
                    scope.own(new layer_normalization_backward.primitive_desc(
                            cpu,
                            dnnl.prop_kind.backward.value,
                            scope.own(out.describe()),
                            scope.own(gradient.describe()),
                            scope.own(x.describe()),
                            Primitives.EPSILON,
                            SCALE_AND_SHIFT,
                            layerNorm(scope, x, gradient),
                            Primitives.attributes(scope, Primitives::nothing),
                            false));
            primitives.add(
                    new layer_normalization_backward(desc),
                    desc,
                    Argument.of(dnnl.DNNL_ARG_SRC, x),
                    Argument.of(dnnl.DNNL_ARG_SCALE, scale),
                    Argument.of(dnnl.DNNL_ARG_MEAN, mean),
                    Argument.of(dnnl.DNNL_ARG_VARIANCE, variance),
                    Argument.of(dnnl.DNNL_ARG_DIFF_DST, gradient),
                    Argument.of(dnnl.DNNL_ARG_DIFF_SRC, out),
                    Argument.of(dnnl.DNNL_ARG_DIFF_SCALE, scaleOut),
                    Argument.of(dnnl.DNNL_ARG_DIFF_SHIFT, shiftOut));
        }
    }
}
