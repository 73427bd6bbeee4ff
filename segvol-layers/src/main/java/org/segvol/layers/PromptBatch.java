package org.segvol.layers;

import java.util.List;
import java.util.Map;
import org.segvol.weights.ModelConfig;

/**
 * Prompts of any forms as one batch: each is filled up to the same number of point tokens and a text token, and what only fills up is
 * hidden by {@link MaskDecoder.Padding}, so that every prompt gets what it would get alone. B = prompts, P = point tokens of each.
 */
public final class PromptBatch {
    private static final float HIDDEN = -1e30f; // far below every score, and finite

    private final ModelConfig config;
    private final List<PromptTokens> prompts;
    private final int points;

    /**
     * A batch.
     *
     * @param points point tokens to fill up to
     * @throws IllegalArgumentException when a prompt has more points
     */
    public PromptBatch(ModelConfig config, List<PromptTokens> prompts, int points) {
        for (PromptTokens prompt : prompts) {
            if (prompt.points() > points) {
                throw new IllegalArgumentException(
                        "a prompt has " + prompt.points() + " point tokens, the batch takes " + points);
            }
        }
        this.config = config;
        this.prompts = List.copyOf(prompts);
        this.points = points;
    }

    /** Writes down the inputs that {@link #inputs} fills, and the prompt encoder on them. */
    public static Sparse write(Graph g, ModelConfig config, int batch, int points) {
        int own = 1 + config.maskTokens(), all = own + points + 1;
        Tensor text = g.input("text", batch, 1, config.hidden());
        Tensor sparse = new PromptEncoder(config)
                .sparse(
                        g,
                        g.input("coordinates", batch, points, 3),
                        g.input("kinds", batch, points, PromptEncoder.Kind.values().length),
                        text);
        Tensor row = g.input("hidden", batch, 1, all); // 0, or far below every score
        Tensor tokens = g.add(g.constant(new float[batch * all * all], batch, all, all), row);
        int cells = config.grid().count();
        Tensor image = g.add(g.constant(new float[batch * cells * all], batch, cells, all), row);
        return new Sparse(sparse, text, new MaskDecoder.Padding(tokens, image, g.input("has_text", batch, 1, 1)));
    }

    /** Values for the inputs of {@link #write}; the text of prompts without one is zeros. */
    public void inputs(Map<String, float[]> inputs) {
        int kinds = PromptEncoder.Kind.values().length, c = config.hidden(), own = 1 + config.maskTokens();
        int all = own + points + 1;
        float[] coordinates = new float[prompts.size() * points * 3];
        float[] oneHot = new float[prompts.size() * points * kinds];
        float[] text = new float[prompts.size() * c];
        float[] hasText = new float[prompts.size()];
        float[] hidden = new float[prompts.size() * all];
        for (int b = 0; b < prompts.size(); b++) {
            PromptTokens prompt = prompts.get(b);
            prompt.writeCoordinates(coordinates, b * points * 3);
            prompt.writeKinds(oneHot, b * points * kinds);
            for (int p = prompt.points(); p < points; p++) {
                hidden[b * all + own + p] = HIDDEN;
            }
            if (prompt.hasText()) {
                prompt.writeText(text, b * c);
                hasText[b] = 1;
            } else {
                hidden[b * all + own + points] = HIDDEN;
            }
        }
        inputs.put("coordinates", coordinates);
        inputs.put("kinds", oneHot);
        inputs.put("text", text);
        inputs.put("has_text", hasText);
        inputs.put("hidden", hidden);
    }

    /**
     * The prompts as the mask decoder takes them.
     *
     * @param tokens sparse tokens (B,P+1,C), the text last
     * @param text text embeddings (B,1,C)
     * @param padding what hides the tokens that only fill up
     */
    public record Sparse(Tensor tokens, Tensor text, MaskDecoder.Padding padding) {}
}
