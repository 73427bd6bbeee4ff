package org.segvol.layers;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.segvol.layers.MaskDecoder.Masks;
import org.segvol.layers.MaskDecoder.Prompts;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/**
 * The whole network on one engine: image encoder, text encoder, prompt encoder and mask decoder (spec 1). Parts are compiled when they are
 * first used and kept. Safe for use from several threads. Owns its compiled networks, not the engine.
 */
public final class SegVolNetwork implements AutoCloseable {
    private static final int KEPT_NETWORKS = 12;
    private static final String IMAGE = "image",
            EXACT_IMAGE = "exact image",
            MEMORY = "memory"; // forms of which there is one

    private final ModelConfig config;
    private final NetworkParts parts;
    private final Engine engine;
    private final NetworkCache<Object> networks = new NetworkCache<>(KEPT_NETWORKS);
    private float[] gridPositions; // guarded by this

    /** The network of a configuration on an engine that has its weights. */
    public SegVolNetwork(ModelConfig config, Engine engine) {
        this.config = config;
        this.parts = new NetworkParts(config);
        this.engine = engine;
    }

    /** The sizes. */
    public ModelConfig config() {
        return config;
    }

    /**
     * Compiles what the first answer needs, so that it does not wait for it; what is compiled already costs nothing. May be called on a thread
     * of its own while other parts are in use.
     *
     * @param exactly whether {@link #encodeImageExactly} comes first, else {@link #encodeImage}
     * @param forms of the prompts that will be decoded, perhaps none
     */
    public void prepare(boolean exactly, Collection<Prompts> forms) {
        boolean exact = exactly && engine.rounds();
        networks.prepare(imageKey(exact), () -> compileImageEncoder(exact));
        gridPositions();
        networks.prepare(MEMORY, this::compileImageMemory);
        forms.forEach(
                form -> networks.prepare(decoderKey(form, Masks.SINGLE), () -> compileDecoder(form, Masks.SINGLE)));
    }

    private static String imageKey(boolean exact) {
        return exact ? EXACT_IMAGE : IMAGE;
    }

    private Network compileImageEncoder(boolean exact) {
        NetworkDefinition encoder = parts.imageEncoder();
        return engine.compile(exact ? encoder.exact() : encoder);
    }

    private Network compileImageMemory() {
        return engine.compile(parts.imageMemory());
    }

    private Network compileDecoder(Prompts form, Masks masks) {
        return engine.compile(parts.decoder(form, masks));
    }

    private static Object decoderKey(Prompts form, Masks masks) {
        return List.of(form, masks);
    }

    /**
     * The image encoder.
     *
     * @param window voxels (d,h,w) of the model's window, normalised to 0..1
     * @return image tokens (N,C) in (d,h,w) order
     */
    public float[] encodeImage(float[] window) {
        return encodeImage(window, false);
    }

    /** {@link #encodeImage} in float32, also by an engine that rounds. */
    public float[] encodeImageExactly(float[] window) {
        return encodeImage(window, engine.rounds());
    }

    private float[] encodeImage(float[] window, boolean exact) {
        Map<String, float[]> inputs = Map.of("patches", Patches.of(config, window));
        return networks.run(imageKey(exact), () -> compileImageEncoder(exact), inputs)
                .get("tokens");
    }

    /**
     * The text encoder.
     *
     * @param ids start-of-text, pieces, end-of-text; what follows the first end-of-text is ignored
     * @return the text embedding (C)
     * @throws IllegalArgumentException when there are more ids than positions, an id outside the vocabulary, or no end-of-text
     */
    public float[] encodeText(int[] ids) {
        TextEncoder encoder = new TextEncoder(config);
        encoder.requireIds(ids);
        int length = parts.textLength(ids.length);
        int[] padded = Arrays.copyOf(ids, length);
        Arrays.fill(padded, ids.length, length, config.endOfText());
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = padded[i];
        }
        Map<String, float[]> inputs = Map.of(
                "ids", values,
                "bias", TextEncoder.attentionBias(new int[] {length}, length),
                "end", encoder.endOfText(new int[][] {padded}));
        return networks.run(length, () -> engine.compile(parts.textEncoder(length)), inputs)
                .get("text_embedding");
    }

    /**
     * What the mask decoder needs of an image whatever the prompt.
     *
     * @param tokens image tokens (N,C)
     */
    public DecoderMemory remember(float[] tokens) {
        Map<String, float[]> inputs = Map.of("embedding", tokens, "positions", gridPositions());
        Map<String, float[]> out = networks.run(MEMORY, this::compileImageMemory, inputs);
        return new DecoderMemory(
                out.get("memory_tokens"), out.get("memory_keys"), out.get("memory_values"), out.get("memory_queries"));
    }

    private synchronized float[] gridPositions() {
        if (gridPositions == null) {
            try (Network network = engine.compile(parts.gridPositions())) {
                gridPositions = network.run(Map.of()).get("grid_positions");
            }
        }
        return gridPositions;
    }

    /**
     * The mask decoder for one prompt.
     *
     * @return low-resolution logits (4d,4h,4w) of the grid
     */
    public float[] decode(DecoderMemory memory, PromptTokens prompt) {
        return decode(memory, List.of(prompt), Masks.SINGLE).get("masks");
    }

    /**
     * The mask decoder for several prompts of one form on one image.
     *
     * @return {@code masks} (B,M,4d,4h,4w) and {@code quality} (B,mask tokens)
     * @throws IllegalArgumentException when the prompts have different forms
     */
    public Map<String, float[]> decode(DecoderMemory memory, List<PromptTokens> prompts, Masks masks) {
        Prompts form = prompts.get(0).form(prompts.size());
        int points = form.points(), kinds = PromptEncoder.Kind.values().length;
        Map<String, float[]> inputs = new HashMap<>();
        inputs.put("positions", gridPositions());
        inputs.put("memory_tokens", memory.tokens());
        inputs.put("memory_keys", memory.keys());
        inputs.put("memory_values", memory.values());
        inputs.put("memory_queries", memory.queries());
        float[] coordinates = new float[form.batch() * points * 3];
        float[] oneHot = new float[form.batch() * points * kinds];
        float[] text = new float[form.text() ? form.batch() * config.hidden() : 0];
        for (int b = 0; b < form.batch(); b++) {
            PromptTokens prompt = prompts.get(b);
            if (!prompt.form(prompts.size()).equals(form)) {
                throw new IllegalArgumentException("prompts of one batch must have one form, found " + form + " and "
                        + prompt.form(prompts.size()));
            }
            prompt.writeCoordinates(coordinates, b * points * 3);
            prompt.writeKinds(oneHot, b * points * kinds);
            if (form.text()) {
                prompt.writeText(text, b * config.hidden());
            }
        }
        if (points > 0) {
            inputs.put("coordinates", coordinates);
            inputs.put("kinds", oneHot);
        }
        if (form.text()) {
            inputs.put("text", text);
        }
        return networks.run(decoderKey(form, masks), () -> compileDecoder(form, masks), inputs);
    }

    /** Enlarges low-resolution logits of this model to another size, trilinearly (spec 1.6). */
    public float[] enlarge(float[] masks, Extent to) {
        return LinearResize.trilinear(masks, config.lowRes(), to);
    }

    @Override
    public void close() {
        networks.close();
    }

    /**
     * One image as the mask decoder keeps it (see {@link MaskDecoder#remember}). The arrays must not be changed.
     *
     * @param tokens (N,C)
     * @param keys (N,C/2)
     * @param values (N,C/2)
     * @param queries (N,C/2)
     */
    public record DecoderMemory(float[] tokens, float[] keys, float[] values, float[] queries) {
        /** Bytes of the four arrays. */
        public long bytes() {
            return 4L * (tokens.length + keys.length + values.length + queries.length);
        }
    }
}
