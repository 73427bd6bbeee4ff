package org.segvol.layers;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;

/**
 * The whole network's gradients on one engine, in three parts that meet at the image tokens and at the text embeddings: the image encoder,
 * the text encoder, and the prompt encoder with the mask decoder. A caller runs them forwards, computes a loss of the low-resolution
 * logits, and sends its gradient backwards from part to part; so no part's intermediate results are kept while another works.
 *
 * <p>Encoders are compiled for a batch size when first used and kept. Of the mask decoder, whose intermediate results are the largest, the
 * networks of the latest batch sizes are kept as long as they are small together, else one. Used by one thread at a time. Owns its networks, not
 * the engine.
 */
public final class SegVolGradients implements AutoCloseable {
    /** Compiling takes as long as a pass of a small model, and a few hundredths of one of the released size. */
    private static final long DECODER_BYTES = 256L << 20;

    private final ModelConfig config;
    private final NetworkParts parts;
    private final GradientEngine engine;
    private final Map<Object, GradientNetwork> encoders = new LinkedHashMap<>();
    private final Map<DecoderForm, Decoder> decoders = new LinkedHashMap<>(); // the latest last
    private final long decoderBytes;

    /** The network of a configuration on an engine that has its weights. */
    public SegVolGradients(ModelConfig config, GradientEngine engine) {
        this(config, engine, DECODER_BYTES);
    }

    /**
     * The same with a bound.
     *
     * @param decoderBytes results of the mask decoder's networks that are kept, in bytes; a single network is kept in any case
     */
    public SegVolGradients(ModelConfig config, GradientEngine engine, long decoderBytes) {
        this.decoderBytes = decoderBytes;
        this.config = config;
        this.parts = new NetworkParts(config);
        this.engine = engine;
    }

    /** The sizes. */
    public ModelConfig config() {
        return config;
    }

    /** What the gradients of one part are added to: by parameter name, in C order. */
    public interface Sink {
        /** Adds to the gradient of a parameter. */
        void add(String parameter, float[] gradient);
    }

    /** The image encoder for windows (d,h,w), one after the other. */
    public ImagePart images(List<float[]> windows) {
        int patches = config.window().count();
        float[] all = new float[windows.size() * patches];
        for (int b = 0; b < windows.size(); b++) {
            System.arraycopy(Patches.of(config, windows.get(b)), 0, all, b * patches, patches);
        }
        GradientNetwork network = encoders.computeIfAbsent(
                List.of("image", windows.size()),
                key -> engine.differentiate(parts.imageEncoder(windows.size()), Set.of()));
        return new ImagePart(network, Map.of("patches", all));
    }

    /** Windows on their way through the image encoder. */
    public static final class ImagePart {
        private final GradientNetwork network;
        private final Map<String, float[]> inputs;

        private ImagePart(GradientNetwork network, Map<String, float[]> inputs) {
            this.network = network;
            this.inputs = inputs;
        }

        /** Image tokens (B,N,C). */
        public float[] tokens() {
            return network.run(inputs).get("tokens");
        }

        /** Sends the gradient of the tokens (B,N,C) to the parameters. */
        public void backward(float[] tokens, Sink sink) {
            network.gradients(inputs, Map.of("tokens", tokens)).parameters().forEach(sink::add);
        }
    }

    /**
     * The text encoder.
     *
     * @param ids rows of start-of-text, pieces, end-of-text, of any lengths
     * @throws IllegalArgumentException when a row has more ids than positions, an id outside the vocabulary, or no end-of-text
     */
    public TextPart texts(List<int[]> ids) {
        TextEncoder encoder = new TextEncoder(config);
        ids.forEach(encoder::requireIds);
        int longest = ids.stream().mapToInt(row -> row.length).max().orElseThrow();
        int length = Math.min(config.textPositions(), (longest + 7) / 8 * 8);
        int[][] padded = new int[ids.size()][];
        int[] lengths = new int[ids.size()];
        float[] values = new float[ids.size() * length];
        for (int b = 0; b < padded.length; b++) {
            lengths[b] = ids.get(b).length;
            padded[b] = Arrays.copyOf(ids.get(b), length);
            Arrays.fill(padded[b], lengths[b], length, config.endOfText());
            for (int i = 0; i < length; i++) {
                values[b * length + i] = padded[b][i];
            }
        }
        int batch = padded.length;
        GradientNetwork network = encoders.computeIfAbsent(
                List.of("text", batch, length),
                key -> engine.differentiate(parts.textEncoder(batch, length), Set.of()));
        return new TextPart(
                network,
                Map.of(
                        "ids",
                        values,
                        "bias",
                        TextEncoder.attentionBias(lengths, length),
                        "end",
                        encoder.endOfText(padded)));
    }

    /** Texts on their way through the text encoder. */
    public static final class TextPart {
        private final GradientNetwork network;
        private final Map<String, float[]> inputs;

        private TextPart(GradientNetwork network, Map<String, float[]> inputs) {
            this.network = network;
            this.inputs = inputs;
        }

        /** Text embeddings (B,C). */
        public float[] embeddings() {
            return network.run(inputs).get("text_embedding");
        }

        /** Sends the gradient of the embeddings (B,C) to the parameters. */
        public void backward(float[] embeddings, Sink sink) {
            network.gradients(inputs, Map.of("text_embedding", embeddings))
                    .parameters()
                    .forEach(sink::add);
        }
    }

    /**
     * Prompt encoder and mask decoder.
     *
     * @param tokens image tokens (B,N,C), or (1,N,C) for all prompts
     * @param prompts B prompts of any forms
     * @param points point tokens that prompts are filled up to
     * @return a part that can be used until another number of prompts, images or points is asked for
     */
    public DecoderPart decoder(float[] tokens, List<PromptTokens> prompts, int points) {
        int batch = prompts.size(), cells = config.grid().count(), c = config.hidden();
        int images = tokens.length / (cells * c);
        GradientNetwork network = decoder(new DecoderForm(batch, images, points));
        Map<String, float[]> inputs = new HashMap<>();
        inputs.put("embedding", tokens);
        new PromptBatch(config, prompts, points).inputs(inputs);
        return new DecoderPart(network, inputs);
    }

    private GradientNetwork decoder(DecoderForm form) {
        Decoder asked = decoders.remove(form);
        if (asked == null) {
            NetworkDefinition definition = define(form);
            long bytes = definition.ops().stream()
                    .mapToLong(op -> Float.BYTES * (long) op.out().count())
                    .sum();
            makeRoom(bytes); // first, so that the memory of both is never held
            asked = new Decoder(engine.differentiate(definition, Set.of("embedding", "text")), bytes);
        }
        decoders.put(form, asked);
        return asked.network();
    }

    private NetworkDefinition define(DecoderForm form) {
        Graph g = new Graph(parts.parameters());
        Tensor embedding = g.input("embedding", form.images(), config.grid().count(), config.hidden());
        Tensor positions = new PromptEncoder(config).gridPositions(g);
        MaskDecoder layers = new MaskDecoder(config);
        MaskDecoder.ImageMemory memory = layers.remember(g, embedding, positions);
        PromptBatch.Sparse sparse = PromptBatch.write(g, config, form.batch(), form.points());
        layers.decode(g, memory, sparse.tokens(), sparse.text(), sparse.padding(), MaskDecoder.Masks.SINGLE);
        return g.build("masks");
    }

    /** Closes the decoders that were not used for longest until one with so many bytes fits. */
    private void makeRoom(long bytes) {
        long all = bytes + decoders.values().stream().mapToLong(Decoder::bytes).sum();
        Iterator<Decoder> oldest = decoders.values().iterator();
        while (all > decoderBytes && oldest.hasNext()) {
            Decoder closed = oldest.next();
            oldest.remove();
            closed.network().close();
            all -= closed.bytes();
        }
    }

    /** A decoder network and the bytes of all its operations' results, of which an engine keeps most. */
    private record Decoder(GradientNetwork network, long bytes) {}

    /** What tells decoder networks apart. */
    private record DecoderForm(int batch, int images, int points) {}

    /** Prompts on their way through the mask decoder. */
    public static final class DecoderPart {
        private final GradientNetwork network;
        private final Map<String, float[]> inputs;

        private DecoderPart(GradientNetwork network, Map<String, float[]> inputs) {
            this.network = network;
            this.inputs = inputs;
        }

        /** Low-resolution logits (B,4d,4h,4w). */
        public float[] masks() {
            return network.run(inputs).get("masks");
        }

        /** Sends the gradient of the logits (B,4d,4h,4w) to the parameters and gives that of the inputs. */
        public Back backward(float[] masks, Sink sink) {
            GradientNetwork.Gradients gradients = network.gradients(inputs, Map.of("masks", masks));
            gradients.parameters().forEach(sink::add);
            return new Back(
                    gradients.inputs().get("embedding"), gradients.inputs().get("text"));
        }

        /**
         * Gradients of what the mask decoder was given.
         *
         * @param tokens of the image tokens, in their shape
         * @param texts of the text embeddings (B,C), zeros where a prompt has none
         */
        public record Back(float[] tokens, float[] texts) {}
    }

    /** The parameters that no published program trains: their gradient is zero or never computed (spec 5.2). */
    public static Set<String> untrainable(ParameterTable parameters) {
        Set<String> names = new HashSet<>();
        for (String name : parameters.tensors().keySet()) {
            if (name.startsWith(Names.MASK_DECODER + "iou_prediction_head.")
                    || name.startsWith(Names.PROMPT_ENCODER + "mask_downscaling.")
                    || name.startsWith(Names.PROMPT_ENCODER + "pe_layer.")) {
                names.add(name);
            }
        }
        return names;
    }

    @Override
    public void close() {
        decoders.values().forEach(decoder -> decoder.network().close());
        decoders.clear();
        encoders.values().forEach(GradientNetwork::close);
        encoders.clear();
    }
}
