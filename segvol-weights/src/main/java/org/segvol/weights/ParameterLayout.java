package org.segvol.weights;

import java.util.LinkedHashMap;
import java.util.Map;

/** Lists the parameters part by part, in the order in which the parts run within each module (spec 6.1). C is the hidden width. */
final class ParameterLayout {
    private final ModelConfig config;
    private final long width;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

    ParameterLayout(ModelConfig config) {
        this.config = config;
        this.width = config.hidden();
    }

    Map<String, TensorInfo> tensors() {
        imageEncoder("image_encoder.");
        maskDecoder("mask_decoder.");
        promptEncoder("prompt_encoder.");
        textEncoder("text_encoder.");
        return tensors;
    }

    private void imageEncoder(String prefix) {
        String embedding = prefix + "patch_embedding.";
        tensor(embedding + "position_embeddings", 1, config.grid().count(), width); // (1, tokens, C)
        linear(embedding + "patch_embeddings.1", width, config.patch().count()); // (C, voxels of a patch)
        for (int i = 0; i < config.layers(); i++) {
            String block = prefix + "blocks." + i + ".";
            linear(block + "mlp.linear1", config.mlp(), width);
            linear(block + "mlp.linear2", width, config.mlp());
            norm(block + "norm1", width);
            linear(block + "attn.out_proj", width, width);
            tensor(block + "attn.qkv.weight", 3 * width, width); // (3 C, C), no bias
            norm(block + "norm2", width);
        }
        norm(prefix + "norm", width);
    }

    private void maskDecoder(String prefix) {
        for (int i = 0; i < config.decoderDepth(); i++) {
            twoWayAttentionBlock(prefix + "transformer.layers." + i + ".");
        }
        attention(prefix + "transformer.final_attn_token_to_image.", width / 2);
        norm(prefix + "transformer.norm_final_attn", width);
        tensor(prefix + "iou_token.weight", 1, width);
        tensor(prefix + "mask_tokens.weight", config.maskTokens(), width);
        upscaling(prefix + "output_upscaling.");
        for (int i = 0; i < config.maskTokens(); i++) {
            String head = prefix + "output_hypernetworks_mlps." + i + ".layers.";
            linear(head + 0, width, width);
            linear(head + 1, width, width);
            linear(head + 2, width / 8, width);
        }
        long in = width;
        for (int i = 0; i < config.qualityDepth(); i++) {
            long out = i == config.qualityDepth() - 1 ? config.maskTokens() : config.qualityHidden();
            linear(prefix + "iou_prediction_head.layers." + i, out, in);
            in = out;
        }
        linear(prefix + "txt_align_upscaled_embedding", width / 8, width);
    }

    private void twoWayAttentionBlock(String prefix) {
        attention(prefix + "self_attn.", width);
        norm(prefix + "norm1", width);
        attention(prefix + "cross_attn_token_to_image.", width / 2);
        norm(prefix + "norm2", width);
        linear(prefix + "mlp.lin1", config.decoderMlp(), width);
        linear(prefix + "mlp.lin2", width, config.decoderMlp());
        norm(prefix + "norm3", width);
        norm(prefix + "norm4", width);
        attention(prefix + "cross_attn_image_to_token.", width / 2);
    }

    /** The decoder's attention works in {@code inner} channels. */
    private void attention(String prefix, long inner) {
        linear(prefix + "q_proj", inner, width);
        linear(prefix + "k_proj", inner, width);
        linear(prefix + "v_proj", inner, width);
        linear(prefix + "out_proj", width, inner);
    }

    private void upscaling(String prefix) {
        Extent twice = config.grid().times(2);
        tensor(prefix + "0.weight", width, width / 4, 2, 2, 2); // (in, out, taps)
        tensor(prefix + "0.bias", width / 4);
        norm(prefix + "1", width / 4, twice.d(), twice.h(), twice.w());
        tensor(prefix + "3.weight", width / 4, width / 8, 2, 2, 2);
        tensor(prefix + "3.bias", width / 8);
    }

    private void promptEncoder(String prefix) {
        tensor(prefix + "pe_layer.positional_encoding_gaussian_matrix", 3, width / 2);
        for (int i = 0; i < 4; i++) {
            tensor(prefix + "point_embeddings." + i + ".weight", 1, width);
        }
        tensor(prefix + "not_a_point_embed.weight", 1, width);
        String mask = prefix + "mask_downscaling.";
        long channels = config.maskInChannels();
        convolution(mask + 0, channels / 4, 1, 2);
        norm(mask + 1, channels / 4);
        convolution(mask + 3, channels, channels / 4, 2);
        norm(mask + 4, channels);
        convolution(mask + 6, width, channels, 1);
        tensor(prefix + "no_mask_embed.weight", 1, width);
    }

    private void textEncoder(String prefix) {
        String clip = prefix + "clip_text_model.text_model.";
        long text = config.textHidden();
        tensor(clip + "embeddings.token_embedding.weight", config.textVocabulary(), text);
        tensor(clip + "embeddings.position_embedding.weight", config.textPositions(), text);
        for (int i = 0; i < config.textLayers(); i++) {
            String layer = clip + "encoder.layers." + i + ".";
            linear(layer + "self_attn.k_proj", text, text);
            linear(layer + "self_attn.v_proj", text, text);
            linear(layer + "self_attn.q_proj", text, text);
            linear(layer + "self_attn.out_proj", text, text);
            norm(layer + "layer_norm1", text);
            linear(layer + "mlp.fc1", config.textMlp(), text);
            linear(layer + "mlp.fc2", text, config.textMlp());
            norm(layer + "layer_norm2", text);
        }
        norm(clip + "final_layer_norm", text);
        linear(prefix + "dim_align", width, text);
    }

    private void linear(String name, long out, long in) {
        tensor(name + ".weight", out, in);
        tensor(name + ".bias", out);
    }

    private void norm(String name, long... shape) {
        tensor(name + ".weight", shape);
        tensor(name + ".bias", shape);
    }

    /** A two-dimensional convolution with a square kernel. */
    private void convolution(String name, long out, long in, long kernel) {
        tensor(name + ".weight", out, in, kernel, kernel);
        tensor(name + ".bias", out);
    }

    private void tensor(String name, long... shape) {
        tensors.put(name, new TensorInfo(name, DType.F32, shape));
    }
}
