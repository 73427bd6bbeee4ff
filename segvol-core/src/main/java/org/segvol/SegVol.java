package org.segvol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.segvol.image.Volume;
import org.segvol.layers.Engine;
import org.segvol.layers.MaskDecoder;
import org.segvol.layers.PromptTokens;
import org.segvol.layers.SegVolNetwork;
import org.segvol.text.ClipTokenizer;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;

/**
 * A loaded model. May be shared by any number of threads and sessions; owns the weights, the engine and all native memory until it is
 * closed. After that, sessions and the model itself answer with {@link IllegalStateException}.
 */
public final class SegVol implements AutoCloseable {
    private static final int KEPT_TEXTS = 1024;

    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final Engine engine;
    private final SegVolNetwork network;
    private final double loadSeconds;
    private final TextEmbeddings<String> texts = new TextEmbeddings<>(KEPT_TEXTS);
    private volatile boolean closed;

    /** Owns what it is given; for tests with an engine of their own. */
    SegVol(Checkpoint checkpoint, ModelConfig config, Engine engine, double loadSeconds) {
        this.checkpoint = checkpoint;
        this.config = config;
        this.engine = engine;
        this.network = new SegVolNetwork(config, engine);
        this.loadSeconds = loadSeconds;
    }

    /**
     * Loads a checkpoint of any released format.
     *
     * @throws org.segvol.weights.CheckpointException when the file is not one, or tensors are missing, unexpected or misshapen
     * @throws IOException when it cannot be read
     */
    public static SegVol load(Path weights) throws IOException {
        return load(weights, ModelOptions.DEFAULT);
    }

    /**
     * Loads a checkpoint of any released format.
     *
     * @throws org.segvol.weights.CheckpointException when the file is not one, or tensors are missing, unexpected or misshapen
     * @throws IllegalArgumentException when the engine asked for cannot run here
     * @throws IOException when it cannot be read
     */
    public static SegVol load(Path weights, ModelOptions options) throws IOException {
        long start = System.nanoTime();
        Checkpoint checkpoint = Checkpoint.open(weights);
        try {
            ModelConfig config = checkpoint.config(options.hints());
            ParameterTable.of(config).requireMatch(checkpoint);
            Engine engine = Engines.create(options.engine(), checkpoint, options.engineOptions());
            return new SegVol(checkpoint, config, engine, (System.nanoTime() - start) / 1e9);
        } catch (IOException | RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    /** The model's sizes. */
    public ModelConfig config() {
        return config;
    }

    /** Name of the engine that runs the network. */
    public String engineName() {
        return engine.name();
    }

    /** One line about the engine: versions, threads, precision. */
    public String engineDescription() {
        return engine.description();
    }

    /** The weights' file and its format. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Seconds that loading took. */
    public double loadSeconds() {
        return loadSeconds;
    }

    /**
     * Makes ready what the first answer to prompts of this kind needs, so that it does not wait for it: packs weights, compiles networks,
     * encodes the texts. Not necessary, and what is ready costs nothing. May run on a thread of its own while a volume is read or a session
     * asked; where the prompts lie does not matter.
     *
     * @param options of the session that will be opened
     * @param prompts as they will be asked first; without any, what every prompt needs
     * @throws IllegalArgumentException when a text has too many tokens, or the model another vocabulary
     */
    public void prepare(Options options, List<Prompt> prompts) {
        requireOpen();
        network.prepare(
                options.mode().zoomsIn(),
                prompts.stream()
                        .filter(prompt -> !prompt.isEmpty())
                        .map(this::form)
                        .collect(Collectors.toCollection(LinkedHashSet::new)));
        prompts.stream().map(Prompt::text).filter(Objects::nonNull).forEach(this::encodeText);
    }

    /** The form that the zoom-out view's prompts will have. */
    private MaskDecoder.Prompts form(Prompt prompt) {
        int clicks = prompt.clicks().size();
        float[] inside = new float[clicks];
        Arrays.fill(inside, 1);
        return PromptTokens.of(
                        config.window(),
                        clicks == 0 ? null : new float[3 * clicks],
                        clicks == 0 ? null : inside,
                        prompt.box() == null ? null : new float[6],
                        prompt.text() == null ? null : new float[config.hidden()])
                .form(1);
    }

    /** A session on a volume with the published demo's choices. */
    public Session open(Volume volume) {
        return open(volume, Options.DEFAULT);
    }

    /**
     * A session on a volume. Reads the voxels' statistics; the image is encoded when the first prompt comes.
     *
     * @throws org.segvol.preprocess.UnusableVolumeException when the volume cannot be normalised: constant, empty or not finite
     */
    public Session open(Volume volume, Options options) {
        requireOpen();
        return new Session(this, volume, options);
    }

    /** Fails when the model was closed. */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the model was closed; load it again, and close it after its sessions");
        }
    }

    SegVolNetwork network() {
        return network;
    }

    Engine engine() {
        return engine;
    }

    /**
     * The text embedding of a structure's name, (hidden).
     *
     * @throws IllegalArgumentException when the name has too many tokens, or the model has another vocabulary
     */
    float[] encodeText(String name) {
        float[] known = texts.get(name);
        if (known != null) {
            return known;
        }
        if (config.textVocabulary() != ClipTokenizer.VOCABULARY) {
            throw new IllegalArgumentException("text prompts need the " + ClipTokenizer.VOCABULARY
                    + " tokens of CLIP's vocabulary; this model has " + config.textVocabulary()
                    + ": use a box or points");
        }
        float[] embedding = network.encodeText(ClipTokenizer.bundled().encodePrompt(name));
        texts.put(name, embedding);
        return embedding;
    }

    /**
     * Frees everything. Waits for the network's pass in progress, not for the call that it belongs to: calls in progress, also of open sessions,
     * end with {@link IllegalStateException} at their next pass, and later ones are refused. The second time it does nothing; while another thread
     * closes the model, it waits for that.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        network.close();
        engine.close();
        try {
            checkpoint.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
