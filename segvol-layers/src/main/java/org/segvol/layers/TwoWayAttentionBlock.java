package org.segvol.layers;

import org.segvol.weights.ModelConfig;

/**
 * One two-way layer of the mask decoder: tokens attend to themselves and to the image, the image attends to the tokens (spec 1.5.3).
 * T = prompt tokens with the output tokens before them, N = image tokens, C = hidden.
 */
final class TwoWayAttentionBlock {
    private final String name;
    private final boolean first;
    private final TwoWayAttention self;
    private final TwoWayAttention tokensToImage;
    private final TwoWayAttention imageToTokens;

    TwoWayAttentionBlock(ModelConfig config, int index) {
        this.name = Names.MASK_DECODER + "transformer.layers." + index + ".";
        this.first = index == 0;
        this.self = new TwoWayAttention(name + "self_attn.", config.decoderHeads());
        this.tokensToImage = new TwoWayAttention(name + "cross_attn_token_to_image.", config.decoderHeads());
        this.imageToTokens = new TwoWayAttention(name + "cross_attn_image_to_token.", config.decoderHeads());
    }

    /** What this layer needs of the image before it has seen any prompt. */
    ImageSide project(Graph g, Tensor image, Tensor positions) {
        Tensor placed = g.add(image, positions); // (B,N,C)
        return new ImageSide(
                image,
                tokensToImage.keys(g, placed), // (B,N,C/2)
                tokensToImage.values(g, image), // (B,N,C/2)
                imageToTokens.queries(g, placed)); // (B,N,C/2)
    }

    /** Tokens (B,T,C) after this layer, and the image tokens (B,N,C) after it. */
    Result apply(Graph g, Tensor tokens, Tensor tokenPositions, ImageSide image, MaskDecoder.Padding padding) {
        Tensor q;
        if (first) { // no positions and no residual in the first layer: must match
            q = self.attend(g, self.queries(g, tokens), self.keys(g, tokens), self.values(g, tokens), padding.tokens());
        } else {
            Tensor placed = g.add(tokens, tokenPositions);
            q = self.addAttended(
                    g, tokens, self.queries(g, placed), self.keys(g, placed), self.values(g, tokens), padding.tokens());
        }
        q = g.layerNorm(q, name + "norm1"); // (B,T,C)
        Tensor queries = tokensToImage.queries(g, g.add(q, tokenPositions)); // (B,T,C/2)
        q = tokensToImage.addAttended(g, q, queries, image.keys(), image.values(), null);
        q = g.layerNorm(q, name + "norm2");
        Tensor hidden = g.linear(q, name + "mlp.lin1", Activation.RELU); // (B,T,mlp)
        q = g.layerNorm(g.addLinear(q, hidden, name + "mlp.lin2"), name + "norm3"); // (B,T,C)
        Tensor tokenKeys = imageToTokens.keys(g, g.add(q, tokenPositions)); // (B,T,C/2)
        Tensor tokenValues = imageToTokens.values(g, q); // (B,T,C/2)
        Tensor k =
                imageToTokens.addAttended(g, image.tokens(), image.queries(), tokenKeys, tokenValues, padding.image());
        k = g.layerNorm(k, name + "norm4"); // (B,N,C)
        return new Result(q, k);
    }

    /**
     * The image as one layer reads it.
     *
     * @param tokens image tokens (B,N,C)
     * @param keys what prompt tokens compare with (B,N,C/2)
     * @param values what prompt tokens take (B,N,C/2)
     * @param queries what the image asks of the prompt tokens (B,N,C/2)
     */
    record ImageSide(Tensor tokens, Tensor keys, Tensor values, Tensor queries) {}

    /**
     * Both sides after a layer.
     *
     * @param tokens prompt tokens (B,T,C)
     * @param image image tokens (B,N,C)
     */
    record Result(Tensor tokens, Tensor image) {}
}
