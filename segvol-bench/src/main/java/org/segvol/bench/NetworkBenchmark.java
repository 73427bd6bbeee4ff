package org.segvol.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.segvol.Engines;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.EngineOptions.Precision;
import org.segvol.layers.MaskDecoder.Masks;
import org.segvol.layers.PromptTokens;
import org.segvol.layers.SegVolNetwork;
import org.segvol.testing.RandomStream;
import org.segvol.testing.SyntheticWeights;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.ModelConfig;

/** The network's parts at released size. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class NetworkBenchmark {
    private static final int TOGETHER = 4;

    /** Engine and precision. */
    @Param({"onednn-f32", "onednn-bf16", "samediff-f32"})
    public String engine;

    private Checkpoint weights;
    private Engine running;
    private SegVolNetwork network;
    private float[] window;
    private float[] text;
    private SegVolNetwork.DecoderMemory memory;

    /** Loads weights and runs every part once. */
    @Setup(Level.Trial)
    public void load() throws IOException {
        ModelConfig config = ModelConfig.RELEASED;
        weights = Checkpoint.open(SyntheticWeights.fullSizeFile(config, 1));
        int dash = engine.indexOf('-');
        Precision precision = engine.endsWith("bf16") ? Precision.BF16 : Precision.F32;
        running = Engines.create(engine.substring(0, dash), weights, new EngineOptions(precision, 0));
        network = new SegVolNetwork(config, running);
        window = RandomStream.units("benchmark", config.window().count());
        memory = network.remember(network.encodeImage(window));
        text = text();
        compareBatch();
    }

    /** Prints in how many logits a batch of prompts departs from single ones. */
    private void compareBatch() {
        float[] together = fourTextsAsBatch();
        int at = 0, differ = 0;
        for (PromptTokens prompt : texts()) {
            for (float alone : network.decode(memory, prompt)) {
                differ += together[at++] == alone ? 0 : 1;
            }
        }
        System.out.printf("%d texts as one batch: %d of %d logits have other bits%n", TOGETHER, differ, at);
    }

    /** Frees everything. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        network.close();
        running.close();
        weights.close();
    }

    /** One image encoder pass. */
    @Benchmark
    public float[] encoder() {
        return network.encodeImage(window);
    }

    /** A text of twelve tokens. */
    @Benchmark
    public float[] text() {
        return network.encodeText(new int[] {49406, 320, 11639, 704, 7690, 999, 22399, 539, 320, 12639, 269, 49407});
    }

    /** What is kept of an embedding. */
    @Benchmark
    public SegVolNetwork.DecoderMemory remember() {
        return network.remember(memory.tokens());
    }

    /** One prompt of text and box on a kept embedding, low resolution. */
    @Benchmark
    public float[] decoder() {
        float[] box = {4, 40, 50, 25, 200, 210};
        return network.decode(memory, PromptTokens.of(ModelConfig.RELEASED.window(), null, null, box, text));
    }

    private List<PromptTokens> texts() {
        return IntStream.range(0, TOGETHER)
                .mapToObj(i -> RandomStream.units("text " + i, ModelConfig.RELEASED.hidden()))
                .map(own -> PromptTokens.of(ModelConfig.RELEASED.window(), null, null, null, own))
                .toList();
    }

    /** Four texts on a kept embedding, one after the other. */
    @Benchmark
    public float[] fourTexts() {
        float[] last = null;
        for (PromptTokens prompt : texts()) {
            last = network.decode(memory, prompt);
        }
        return last;
    }

    /** The same four as one batch. */
    @Benchmark
    public float[] fourTextsAsBatch() {
        return network.decode(memory, texts(), Masks.SINGLE).get("masks");
    }
}
