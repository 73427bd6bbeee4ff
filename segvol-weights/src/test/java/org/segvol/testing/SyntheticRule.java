package org.segvol.testing;

import java.util.List;
import java.util.Locale;

/**
 * How the values of one synthetic tensor are scaled (spec 9.1).
 *
 * @param kind which structure the values have
 * @param offset is added to each
 * @param scale multiplies the random number
 */
public record SyntheticRule(Kind kind, double offset, double scale) {
    /** The structures. */
    public enum Kind {
        /** Independent values. */
        PLAIN,
        /** Transposed convolutions: the eight taps share most of their value. */
        TAP,
        /** Image positions: a smooth bump over the token grid along a fixed channel direction. */
        BUMP,
        /** The spatial layer-norm bias: a bump in channel 0. */
        SPOT;

        /** The name in golden files. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Gain(String head, String tail, double value) {
        boolean fits(String name) {
            return name.endsWith(tail) && name.contains(head);
        }
    }

    private static final List<String> NORMS = List.of(
            "norm",
            "norm1",
            "norm2",
            "norm3",
            "norm4",
            "norm_final_attn",
            "layer_norm1",
            "layer_norm2",
            "final_layer_norm",
            "output_upscaling.1",
            "mask_downscaling.1",
            "mask_downscaling.4");

    private static final List<Gain> GAINS = List.of(
            new Gain("output_hypernetworks_mlps.", ".layers.2.weight", 2.0),
            new Gain("output_hypernetworks_mlps.", ".weight", 1.4),
            new Gain("", "cross_attn_image_to_token.out_proj.weight", 0.2),
            new Gain("", "mlp.linear2.weight", 0.2),
            new Gain("image_encoder.blocks.", ".attn.out_proj.weight", 0.2),
            new Gain("", "self_attn.out_proj.weight", 0.5),
            new Gain("", "mlp.fc2.weight", 0.5),
            new Gain("", "txt_align_upscaled_embedding.weight", 0.3));

    /** The rule of a canonical name: the first one of the table that fits. */
    public static SyntheticRule of(String name, long... shape) {
        String stem = name.substring(0, name.lastIndexOf('.'));
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (last.equals("position_embeddings")) {
            return new SyntheticRule(Kind.BUMP, 0, 0.3);
        }
        if (name.equals("mask_decoder.output_upscaling.1.bias")) {
            return new SyntheticRule(Kind.SPOT, 0, 0.1);
        }
        if (last.equals("positional_encoding_gaussian_matrix")) {
            return new SyntheticRule(Kind.PLAIN, 0, Math.sqrt(3.0));
        }
        if (NORMS.stream().anyMatch(norm -> stem.endsWith("." + norm))) {
            return new SyntheticRule(Kind.PLAIN, last.equals("weight") ? 1 : 0, 0.1);
        }
        if (last.equals("bias")) {
            return new SyntheticRule(Kind.PLAIN, 0, 0.05);
        }
        return weight(name, stem, shape);
    }

    private static SyntheticRule weight(String name, String stem, long... shape) {
        if (stem.endsWith("no_mask_embed")) {
            return new SyntheticRule(Kind.PLAIN, 0, 0.2);
        }
        if (stem.endsWith("token_embedding")
                || stem.contains("point_embed")
                || stem.endsWith("iou_token")
                || stem.endsWith("mask_tokens")) {
            return new SyntheticRule(Kind.PLAIN, 0, 1);
        }
        if (stem.endsWith("position_embedding")) {
            return new SyntheticRule(Kind.PLAIN, 0, 0.5);
        }
        if (stem.endsWith("output_upscaling.0") || stem.endsWith("output_upscaling.3")) {
            return new SyntheticRule(Kind.TAP, 0, 2.0 * Math.sqrt(3.0 / shape[0]));
        }
        long fanIn = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            fanIn *= shape[axis];
        }
        double gain = GAINS.stream()
                .filter(candidate -> candidate.fits(name))
                .mapToDouble(Gain::value)
                .findFirst()
                .orElse(1);
        return new SyntheticRule(Kind.PLAIN, 0, gain * Math.sqrt(3.0 / fanIn));
    }
}
