package org.segvol.train;

import java.util.SortedSet;
import java.util.TreeSet;
import org.segvol.layers.SegVolGradients;
import org.segvol.weights.ParameterTable;

/** Which parameters a run trains, by their checkpoint names. */
final class ParameterChoice {
    private static final String IMAGE = "image_encoder.";
    private static final String TEXT = "text_encoder.";
    private static final String PROJECTION = "text_encoder.dim_align.";

    private ParameterChoice() {}

    /** Those that are trained themselves or, with adapters, changed by them. */
    static SortedSet<String> of(ParameterTable table, FineTuneOptions options) {
        SortedSet<String> names = new TreeSet<>(table.tensors().keySet());
        names.removeAll(SegVolGradients.untrainable(table));
        names.removeIf(name -> {
            if (name.startsWith(TEXT)) {
                return switch (options.text()) {
                    case NOTHING -> true;
                    case PROJECTION -> !name.startsWith(PROJECTION);
                    case ALL -> false;
                };
            }
            if (name.startsWith(IMAGE)) {
                return switch (options.trained()) {
                    case ALL -> false;
                    case DECODER -> true;
                    case LORA -> !adapted(name);
                };
            }
            return false;
        });
        return names;
    }

    /** Whether low-rank adapters are put on a parameter: the image encoder's attention projections. */
    static boolean adapted(String name) {
        return name.startsWith(IMAGE) && (name.endsWith(".attn.qkv.weight") || name.endsWith(".attn.out_proj.weight"));
    }

    /** Whether a parameter of the image encoder is among them. */
    static boolean trainsImages(SortedSet<String> names) {
        return names.stream().anyMatch(name -> name.startsWith(IMAGE));
    }

    /** Whether a parameter of the text encoder is among them. */
    static boolean trainsTexts(SortedSet<String> names) {
        return names.stream().anyMatch(name -> name.startsWith(TEXT));
    }

    /**
     * Whether weight decay acts on a parameter when vectors and embeddings are spared: matrices and kernels, but for what is named an
     * embedding, the patch projection and the text's projection onto image features among them.
     */
    static boolean isMatrix(String name) {
        return name.endsWith(".weight")
                && !name.contains("norm")
                && !name.contains("embed")
                && !name.contains("output_upscaling.1.")
                && !name.contains("token.weight")
                && !name.contains("mask_tokens");
    }
}
