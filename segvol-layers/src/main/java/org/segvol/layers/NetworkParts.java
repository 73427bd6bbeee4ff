package org.segvol.layers;

import org.segvol.layers.MaskDecoder.Masks;
import org.segvol.layers.MaskDecoder.Prompts;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;

/** The networks into which a model of one configuration is cut: each is compiled on its own and run as often as it is needed. */
public final class NetworkParts {
    /** Text is encoded in graphs of these lengths, or the model's longest; what follows the end of a text has no effect on it. */
    private static final int TEXT_STEP = 16;

    private final ModelConfig config;
    private final ParameterTable parameters;

    /** The parts of a model. */
    public NetworkParts(ModelConfig config) {
        this.config = config;
        this.parameters = ParameterTable.of(config);
    }

    /** Every parameter of the model. */
    public ParameterTable parameters() {
        return parameters;
    }

    /** Once for each window: input {@code patches}, output {@code tokens}; see {@link VisionTransformer}. */
    public NetworkDefinition imageEncoder() {
        return imageEncoder(1);
    }

    /** {@link #imageEncoder()} for several windows at once. */
    public NetworkDefinition imageEncoder(int batch) {
        Graph g = new Graph(parameters);
        new VisionTransformer(config)
                .encode(
                        g,
                        g.input(
                                "patches",
                                batch,
                                config.grid().count(),
                                config.patch().count()));
        return g.build("tokens");
    }

    /** How long the graph is that serves a text of {@code ids} tokens. */
    public int textLength(int ids) {
        return Math.min(config.textPositions(), (ids + TEXT_STEP - 1) / TEXT_STEP * TEXT_STEP);
    }

    /** Once for each name: inputs {@code ids}, {@code bias}, {@code end}, output {@code text_embedding}; see {@link TextEncoder}. */
    public NetworkDefinition textEncoder(int length) {
        return textEncoder(1, length);
    }

    /** {@link #textEncoder(int)} for several texts at once. */
    public NetworkDefinition textEncoder(int batch, int length) {
        Graph g = new Graph(parameters);
        new TextEncoder(config)
                .encode(
                        g,
                        g.input("ids", batch, length),
                        g.input("bias", batch, length, length),
                        g.input("end", batch, 1, length));
        return g.build("text_embedding");
    }

    /** Once for a model: output {@code grid_positions}; see {@link PromptEncoder#gridPositions}. */
    public NetworkDefinition gridPositions() {
        Graph g = new Graph(parameters);
        new PromptEncoder(config).gridPositions(g);
        return g.build("grid_positions");
    }

    /** Once for each window: inputs {@code embedding}, {@code positions}, four outputs; see {@link MaskDecoder#remember}. */
    public NetworkDefinition imageMemory() {
        Graph g = new Graph(parameters);
        Tensor embedding = g.input("embedding", 1, config.grid().count(), config.hidden());
        Tensor positions = g.input("positions", 1, config.grid().count(), config.hidden());
        new MaskDecoder(config).remember(g, embedding, positions);
        return g.build("memory_tokens", "memory_keys", "memory_values", "memory_queries");
    }

    /**
     * Once for each prompt and window: prompt encoder and mask decoder together, outputs {@code masks} and, for all masks, {@code quality};
     * see {@link MaskDecoder#decode}.
     */
    public NetworkDefinition decoder(Prompts form, Masks masks) {
        Graph g = new Graph(parameters);
        MaskDecoder.ImageMemory memory = memory(g);
        Tensor text = text(g, form);
        return decoder(g, memory, sparse(g, form, text), text, masks);
    }

    /** The prompt encoder alone: output {@code sparse}; see {@link PromptEncoder#sparse}. */
    public NetworkDefinition promptEncoder(Prompts form) {
        Graph g = new Graph(parameters);
        sparse(g, form, text(g, form));
        return g.build("sparse");
    }

    /** {@link #decoder} without the prompt encoder, whose tokens are the input {@code sparse}. */
    public NetworkDefinition maskDecoder(Prompts form, Masks masks) {
        Graph g = new Graph(parameters);
        int tokens = form.points() + (form.text() ? 1 : 0);
        return decoder(g, memory(g), g.input("sparse", form.batch(), tokens, config.hidden()), text(g, form), masks);
    }

    private NetworkDefinition decoder(
            Graph g, MaskDecoder.ImageMemory memory, Tensor sparse, Tensor text, Masks masks) {
        new MaskDecoder(config).decode(g, memory, sparse, text, masks);
        return masks == Masks.SINGLE ? g.build("masks") : g.build("masks", "quality");
    }

    private MaskDecoder.ImageMemory memory(Graph g) {
        int n = config.grid().count(), c = config.hidden();
        return new MaskDecoder.ImageMemory(
                g.input("memory_tokens", 1, n, c),
                g.input("memory_keys", 1, n, c / 2),
                g.input("memory_values", 1, n, c / 2),
                g.input("memory_queries", 1, n, c / 2),
                g.input("positions", 1, n, c));
    }

    private Tensor sparse(Graph g, Prompts form, Tensor text) {
        boolean points = form.points() > 0;
        int kinds = PromptEncoder.Kind.values().length;
        Tensor coordinates = points ? g.input("coordinates", form.batch(), form.points(), 3) : null;
        Tensor oneHot = points ? g.input("kinds", form.batch(), form.points(), kinds) : null;
        return new PromptEncoder(config).sparse(g, coordinates, oneHot, text);
    }

    private Tensor text(Graph g, Prompts form) {
        return form.text() ? g.input("text", form.batch(), 1, config.hidden()) : null;
    }
}
