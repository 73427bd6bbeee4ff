package org.segvol.layers;

import org.segvol.weights.ModelConfig;

/**
 * The CLIP-style text transformer and the projection to the decoder's width (spec 1.3). E = text width, L = sequence length.
 *
 * @param config the model's sizes
 */
public record TextEncoder(ModelConfig config) {
    private static final float HIDDEN = -1e30f; // far below every score, and finite: no NaN where a row is all padding

    /**
     * Token ids to text embeddings.
     *
     * <p>Labels {@code clip_last_hidden} (B,L,E), {@code clip_pooled} (B,1,E) and {@code text_embedding} (B,1,C).
     *
     * @param ids (B,L), whole numbers
     * @param bias (B,L,L), from {@link #attentionBias}
     * @param end (B,1,L), one at the first end-of-text of each row, else zero
     * @return text embeddings (B,1,C)
     */
    public Tensor encode(Graph g, Tensor ids, Tensor bias, Tensor end) {
        String root = Names.TEXT_MODEL;
        int length = ids.dim(1);
        Tensor table = g.parameter(root + "embeddings.position_embedding.weight"); // (positions,E)
        Tensor positions = g.reshape(g.slice(table, 0, 0, length), 1, length, config.textHidden());
        Tensor x = g.add(g.embedding(ids, root + "embeddings.token_embedding.weight"), positions); // (B,L,E)
        for (int i = 0; i < config.textLayers(); i++) {
            x = layer(g, x, bias, root + "encoder.layers." + i + ".");
        }
        x = g.label("clip_last_hidden", g.layerNorm(x, root + "final_layer_norm"));
        Tensor pooled = g.label("clip_pooled", g.matmul(end, x, false)); // (B,1,E)
        return g.label("text_embedding", g.linear(pooled, Names.TEXT_PROJECTION)); // (B,1,C)
    }

    private Tensor layer(Graph g, Tensor x, Tensor bias, String name) {
        Tensor y = g.layerNorm(x, name + "layer_norm1"); // (B,L,E)
        Tensor q = g.linear(y, name + "self_attn.q_proj");
        Tensor k = g.linear(y, name + "self_attn.k_proj");
        Tensor v = g.linear(y, name + "self_attn.v_proj");
        Tensor attended = g.attention(q, k, v, config.textHeads(), bias);
        x = g.addLinear(x, attended, name + "self_attn.out_proj");
        y = g.layerNorm(x, name + "layer_norm2");
        y = g.linear(y, name + "mlp.fc1", Activation.QUICK_GELU); // (B,L,mlp)
        return g.addLinear(x, y, name + "mlp.fc2");
    }

    /**
     * What to add to attention scores so that a token sees only itself and earlier tokens that are not padding.
     *
     * @param lengths tokens of each row that are not padding
     * @param length tokens of each row, padding included
     * @return (B,L,L)
     */
    public static float[] attentionBias(int[] lengths, int length) {
        float[] bias = new float[lengths.length * length * length];
        for (int b = 0; b < lengths.length; b++) {
            for (int q = 0; q < length; q++) {
                for (int k = 0; k < length; k++) {
                    if (k > q || k >= lengths[b]) {
                        bias[(b * length + q) * length + k] = HIDDEN;
                    }
                }
            }
        }
        return bias;
    }

    /**
     * Checks a text's token ids.
     *
     * @throws IllegalArgumentException when there are more ids than positions, an id outside the vocabulary, or no end-of-text
     */
    void requireIds(int[] ids) {
        if (ids.length > config.textPositions()) {
            throw new IllegalArgumentException(
                    "a text may have " + config.textPositions() + " tokens, found " + ids.length + "; shorten it");
        }
        for (int id : ids) {
            if (id < 0 || id >= config.textVocabulary()) {
                throw new IllegalArgumentException(
                        "token ids go from 0 to " + (config.textVocabulary() - 1) + ", found " + id);
            }
        }
        firstEnd(ids, 0);
    }

    private int firstEnd(int[] ids, int row) {
        for (int at = 0; at < ids.length; at++) {
            if (ids[at] == config.endOfText()) {
                return at;
            }
        }
        throw new IllegalArgumentException(
                "a token sequence must hold the end-of-text id " + config.endOfText() + ", row " + row + " has none");
    }

    /**
     * Selects the first end-of-text of each row.
     *
     * @param ids rows of one length
     * @return (B,1,L) with a single one in each row
     * @throws IllegalArgumentException when a row has no end-of-text
     */
    public float[] endOfText(int[][] ids) {
        int length = ids[0].length;
        float[] end = new float[ids.length * length];
        for (int b = 0; b < ids.length; b++) {
            end[b * length + firstEnd(ids[b], b)] = 1;
        }
        return end;
    }
}
