package org.segvol.layers;

import org.segvol.weights.ModelConfig;

/**
 * The image encoder: a plain 3-D ViT (spec 1.2). C = hidden, N = tokens of the grid, P = voxels of a patch.
 *
 * @param config the model's sizes
 */
public record VisionTransformer(ModelConfig config) {
    /**
     * Patches (B,N,P), ordered as {@link Patches} does, to tokens (B,N,C) in (d,h,w) order.
     *
     * <p>Labels {@code embedded}, {@code block0} ... and {@code tokens}.
     */
    public Tensor encode(Graph g, Tensor patches) {
        String root = Names.IMAGE_ENCODER;
        g.allowReducedPrecision();
        Tensor positions = g.parameter(root + "patch_embedding.position_embeddings"); // (1,N,C)
        Tensor x = g.addLinear(positions, patches, root + "patch_embedding.patch_embeddings.1"); // (B,N,C)
        g.label("embedded", x);
        for (int i = 0; i < config.layers(); i++) {
            x = g.label("block" + i, block(g, x, root + "blocks." + i + "."));
        }
        return g.label("tokens", g.layerNorm(x, root + "norm"));
    }

    private Tensor block(Graph g, Tensor x, String name) {
        int c = config.hidden();
        Tensor y = g.layerNorm(x, name + "norm1"); // (B,N,C)
        Tensor qkv = g.linear(y, name + "attn.qkv"); // (B,N,3C), no bias
        Tensor q = g.slice(qkv, 2, 0, c); // (B,N,C), heads are consecutive channels
        Tensor k = g.slice(qkv, 2, c, 2 * c);
        Tensor v = g.slice(qkv, 2, 2 * c, 3 * c);
        Tensor attended = g.attention(q, k, v, config.heads()); // (B,N,C)
        x = g.addLinear(x, attended, name + "attn.out_proj");
        y = g.layerNorm(x, name + "norm2");
        y = g.linear(y, name + "mlp.linear1", Activation.GELU); // (B,N,mlp)
        return g.addLinear(x, y, name + "mlp.linear2"); // (B,N,C)
    }
}
