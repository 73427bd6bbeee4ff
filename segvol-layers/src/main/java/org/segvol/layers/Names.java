package org.segvol.layers;

/** The roots of the checkpoint's parameter names (spec 6.1). */
final class Names {
    static final String IMAGE_ENCODER = "image_encoder.";
    static final String TEXT_MODEL = "text_encoder.clip_text_model.text_model.";
    static final String TEXT_PROJECTION = "text_encoder.dim_align";
    static final String PROMPT_ENCODER = "prompt_encoder.";
    static final String MASK_DECODER = "mask_decoder.";

    private Names() {}
}
