package org.segvol.layers;

import java.util.ArrayList;
import java.util.List;
import org.segvol.weights.ModelConfig;

/**
 * The mask decoder (spec 1.5). It is written in two parts: {@link #remember}, which needs the image alone and is done once for an
 * image, and {@link #decode}, which is done for every prompt. C = hidden, N = image tokens, T = sparse tokens, M = masks wanted.
 *
 * @param config the model's sizes
 */
public record MaskDecoder(ModelConfig config) {
    /**
     * The form of a batch of prompts: networks are compiled for a form.
     *
     * @param batch prompts decoded together
     * @param points point tokens of each (clicks, fillers and box corners)
     * @param text whether each has a text embedding
     */
    public record Prompts(int batch, int points, boolean text) {}

    /** Which masks to compute. */
    public enum Masks {
        /** Mask 0 alone, the only one that the published programs use. */
        SINGLE,
        /** All mask tokens: 0, and the multi-mask tokens after it. */
        ALL
    }

    /**
     * What the decoder needs of an image whatever the prompt.
     *
     * @param tokens image embedding with the dense embedding added, (B,N,C)
     * @param keys first layer's keys, (B,N,C/2)
     * @param values first layer's values, (B,N,C/2)
     * @param queries first layer's image queries, (B,N,C/2)
     * @param positions position encoding of the grid, (1,N,C)
     */
    public record ImageMemory(Tensor tokens, Tensor keys, Tensor values, Tensor queries, Tensor positions) {}

    /**
     * What lets prompts with different numbers of tokens share a batch: tokens that only fill up are hidden from all others.
     *
     * @param tokens added to the scores between tokens, (B,own+T,own+T) with the decoder's own tokens first; null hides nothing
     * @param image added to the scores of image tokens against tokens, (B,N,own+T); null hides nothing
     * @param text what the text's similarity map is multiplied with, (B,1,1); null is one for all
     */
    public record Padding(Tensor tokens, Tensor image, Tensor text) {
        /** All prompts have all tokens. */
        public static final Padding NONE = new Padding(null, null, null);
    }

    /**
     * The part that depends on the image alone.
     *
     * <p>Labels {@code memory_tokens}, {@code memory_keys}, {@code memory_values} and {@code memory_queries}.
     *
     * @param embedding image tokens (B,N,C)
     * @param positions position encoding of the grid (1,N,C)
     */
    public ImageMemory remember(Graph g, Tensor embedding, Tensor positions) {
        Tensor tokens = g.add(embedding, new PromptEncoder(config).dense(g)); // (B,N,C)
        TwoWayAttentionBlock.ImageSide side = new TwoWayAttentionBlock(config, 0).project(g, tokens, positions);
        return new ImageMemory(
                g.label("memory_tokens", side.tokens()),
                g.label("memory_keys", side.keys()),
                g.label("memory_values", side.values()),
                g.label("memory_queries", side.queries()),
                positions);
    }

    /** {@link #decode(Graph, ImageMemory, Tensor, Tensor, Padding, Masks)} of prompts of one form. */
    public Tensor decode(Graph g, ImageMemory memory, Tensor sparse, Tensor text, Masks wanted) {
        return decode(g, memory, sparse, text, Padding.NONE, wanted);
    }

    /**
     * Masks for a batch of prompts on one image, or on as many images as prompts.
     *
     * <p>Labels {@code queries0}, {@code keys0} ..., {@code queries_final}, {@code upscaled} (B,64N,C/8, block order), {@code hyper}
     * (B,M,C/8), {@code masks} and {@code quality} (B,1,mask tokens).
     *
     * @param memory from {@link #remember}; its batch is 1 or that of the prompts
     * @param sparse (B,T,C)
     * @param text the text embedding (B,1,C) that is also one of the sparse tokens, or null
     * @param padding which tokens only fill up
     * @return low-resolution logits (B,M,4d,4h,4w)
     */
    public Tensor decode(Graph g, ImageMemory memory, Tensor sparse, Tensor text, Padding padding, Masks wanted) {
        String root = Names.MASK_DECODER;
        int batch = sparse.dim(0);
        Tensor learned =
                g.concat(0, List.of(g.parameter(root + "iou_token.weight"), g.parameter(root + "mask_tokens.weight")));
        int own = learned.dim(0); // quality token and mask tokens
        Tensor leading = g.repeat(g.reshape(learned, 1, own, config.hidden()), batch);
        Tensor initial = g.concat(1, List.of(leading, sparse)); // (B,own+T,C), also the tokens' positional term

        TwoWayAttentionBlock.ImageSide side = new TwoWayAttentionBlock.ImageSide(
                g.repeat(memory.tokens(), batch),
                g.repeat(memory.keys(), batch),
                g.repeat(memory.values(), batch),
                g.repeat(memory.queries(), batch));
        Tensor tokens = initial;
        Tensor image = side.tokens();
        for (int i = 0; i < config.decoderDepth(); i++) {
            TwoWayAttentionBlock block = new TwoWayAttentionBlock(config, i);
            if (i > 0) {
                side = block.project(g, image, memory.positions());
            }
            TwoWayAttentionBlock.Result result = block.apply(g, tokens, initial, side, padding);
            tokens = g.label("queries" + i, result.tokens());
            image = g.label("keys" + i, result.image());
        }
        TwoWayAttention last =
                new TwoWayAttention(root + "transformer.final_attn_token_to_image.", config.decoderHeads());
        Tensor queries = last.queries(g, g.add(tokens, initial));
        Tensor keys = last.keys(g, g.add(image, memory.positions()));
        tokens = last.addAttended(g, tokens, queries, keys, last.values(g, image), null);
        tokens = g.label("queries_final", g.layerNorm(tokens, root + "transformer.norm_final_attn")); // (B,own+T,C)

        Tensor features = upscale(g, image); // (B,64N,C/8)
        Tensor hyper = maskWeights(g, tokens, wanted); // (B,M,C/8)
        if (text != null) { // the text speaks a second time: its similarity map is added to every mask
            Tensor similarity = g.linear(text, root + "txt_align_upscaled_embedding"); // (B,1,C/8)
            hyper = g.add(hyper, padding.text() == null ? similarity : g.multiply(similarity, padding.text()));
        }
        g.label("quality", mlp(g, g.slice(tokens, 1, 0, 1), root + "iou_prediction_head.", config.qualityDepth()));
        Tensor masks = g.matmul(hyper, features, true); // (B,M,64N)
        return g.label("masks", g.unfoldBlocks(masks, new BlockOrder(config.grid(), 2)));
    }

    private Tensor upscale(Graph g, Tensor image) {
        String root = Names.MASK_DECODER + "output_upscaling.";
        Tensor x = g.convTranspose2x(image, root + "0", Activation.NONE); // (B,8N,C/4)
        x = g.blockLayerNorm(x, root + "1", new BlockOrder(config.grid(), 1), Activation.GELU);
        return g.label("upscaled", g.convTranspose2x(x, root + "3", Activation.GELU)); // (B,64N,C/8)
    }

    private Tensor maskWeights(Graph g, Tensor tokens, Masks wanted) {
        int masks = wanted == Masks.SINGLE ? 1 : config.maskTokens();
        List<Tensor> heads = new ArrayList<>();
        for (int n = 0; n < masks; n++) {
            Tensor token = g.slice(tokens, 1, 1 + n, 2 + n); // (B,1,C)
            heads.add(mlp(g, token, Names.MASK_DECODER + "output_hypernetworks_mlps." + n + ".", 3));
        }
        return g.label("hyper", g.concat(1, heads)); // (B,M,C/8)
    }

    /** Linear layers with ReLU between them. */
    private static Tensor mlp(Graph g, Tensor x, String name, int depth) {
        for (int i = 0; i < depth; i++) {
            x = g.linear(x, name + "layers." + i, i < depth - 1 ? Activation.RELU : Activation.NONE);
        }
        return x;
    }
}
