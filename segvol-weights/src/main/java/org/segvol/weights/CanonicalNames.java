package org.segvol.weights;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Maps the names that released and fine-tuned checkpoints use to the canonical ones of spec 6.1. A checkpoint has one of two layouts: the
 * whole model, under {@code module.} or {@code model.} or no prefix; or a pre-trained image encoder, under {@code model.encoder.}.
 */
final class CanonicalNames {
    static final String IMAGE_ENCODER = "image_encoder.";

    private static final List<String> PARTS =
            List.of(IMAGE_ENCODER, "mask_decoder.", "prompt_encoder.", "text_encoder.");
    private static final List<String> WRAPPERS = List.of("module.", "model.", "_orig_mod.");
    private static final String ENCODER = "model.encoder.";
    private static final String TEXT = "text_encoder.clip_text_model.";
    private static final String TEXT_NESTED = TEXT + "text_model.";
    private static final Pattern UNUSED_CROSS_ATTENTION =
            Pattern.compile("image_encoder\\.blocks\\.\\d+\\.(norm_cross_attn|cross_attn)\\..*");

    private final boolean encoderLayout;

    private CanonicalNames(boolean encoderLayout) {
        this.encoderLayout = encoderLayout;
    }

    /** Recognises the layout from all names. */
    static CanonicalNames of(Collection<String> names) {
        boolean whole = names.stream().map(CanonicalNames::unwrapped).anyMatch(CanonicalNames::isPart);
        return new CanonicalNames(!whole && names.stream().anyMatch(name -> name.contains(ENCODER)));
    }

    /** The canonical name; empty for keys that belong to something else. */
    Optional<String> canonical(String name) {
        if (encoderLayout) {
            int at = name.indexOf(ENCODER);
            return at < 0 ? Optional.empty() : Optional.of(IMAGE_ENCODER + name.substring(at + ENCODER.length()));
        }
        String plain = unwrapped(name);
        if (plain.startsWith(TEXT) && !plain.startsWith(TEXT_NESTED)) {
            plain = TEXT_NESTED + plain.substring(TEXT.length());
        }
        return isPart(plain) ? Optional.of(plain) : Optional.empty();
    }

    /** Why a canonical name is no weight of the model; empty when it is one, or should be. */
    static Optional<String> whyUnused(TensorInfo tensor) {
        if (tensor.name().endsWith(".position_ids")) {
            return Optional.of("the positions 0, 1, ... of older text encoders");
        }
        if (UNUSED_CROSS_ATTENTION.matcher(tensor.name()).matches()) {
            return Optional.of("unused cross-attention of newer ViT libraries");
        }
        if (!tensor.dtype().isFloating()) {
            return Optional.of("not a floating-point tensor");
        }
        return Optional.empty();
    }

    private static boolean isPart(String name) {
        return PARTS.stream().anyMatch(name::startsWith);
    }

    /** Strips all wrappers, by position: a hostile name may repeat them thousands of times. */
    private static String unwrapped(String name) {
        int at = 0;
        boolean again = true;
        while (again) {
            again = false;
            for (String wrapper : WRAPPERS) {
                if (name.startsWith(wrapper, at)) {
                    at += wrapper.length();
                    again = true;
                }
            }
        }
        return name.substring(at);
    }
}
