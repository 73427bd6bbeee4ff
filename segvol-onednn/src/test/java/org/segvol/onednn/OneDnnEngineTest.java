package org.segvol.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.EngineOptions.Precision;
import org.segvol.layers.MaskDecoder;
import org.segvol.layers.MaskDecoder.Masks;
import org.segvol.layers.Network;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.NetworkParts;
import org.segvol.layers.Op;
import org.segvol.layers.Patches;
import org.segvol.layers.PromptTokens;
import org.segvol.layers.SegVolNetwork;
import org.segvol.layers.SegVolNetwork.DecoderMemory;
import org.segvol.testing.OtherThread;
import org.segvol.testing.RandomStream;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.Converter;
import org.segvol.weights.DType;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.SafetensorsWriter;

/** Same bits always, right results from many threads, bfloat16 within its error, refusal after close. */
class OneDnnEngineTest {
    private static final ModelConfig CONFIG = new ModelConfig(
            "small",
            new Extent(16, 64, 64),
            new Extent(4, 16, 16),
            96,
            192,
            3,
            6,
            2,
            8,
            128,
            4,
            64,
            3,
            16,
            100,
            64,
            128,
            2,
            4,
            77);
    private static final SyntheticWeights WEIGHTS = new SyntheticWeights(CONFIG, 1);
    private static final float[] IMAGE =
            RandomStream.units("engine test", CONFIG.window().count());
    private static final float[] BOX = {2, 10, 12, 12, 50, 55};

    private static float[] masks(SegVolNetwork network) {
        PromptTokens prompt = PromptTokens.of(CONFIG.window(), null, null, BOX, null);
        return network.decode(network.remember(network.encodeImage(IMAGE)), prompt);
    }

    private static float[] masksOfANewEngine() {
        try (Engine engine = new OneDnnEngine(WEIGHTS, EngineOptions.DEFAULT);
                SegVolNetwork network = new SegVolNetwork(CONFIG, engine)) {
            return masks(network);
        }
    }

    @Test
    void tenRunsAndManyThreadsGiveTheSameBits() throws Exception {
        for (Precision precision : Precision.values()) {
            if (precision == Precision.BF16 && !OneDnnLibrary.hasBf16()) {
                System.out.println("bf16 not run: this CPU has " + OneDnnLibrary.instructions());
                continue;
            }
            try (Engine engine = new OneDnnEngine(WEIGHTS, new EngineOptions(precision, 0));
                    SegVolNetwork network = new SegVolNetwork(CONFIG, engine)) {
                float[] first = masks(network);
                for (int run = 0; run < 10; run++) {
                    assertThat(masks(network)).isEqualTo(first);
                }
                for (int threads : new int[] {2, 4}) {
                    ExecutorService pool = Executors.newFixedThreadPool(threads);
                    try {
                        List<Future<float[]>> results = new ArrayList<>();
                        for (int i = 0; i < 3 * threads; i++) {
                            results.add(pool.submit(() -> masks(network)));
                        }
                        for (Future<float[]> result : results) {
                            assertThat(result.get()).isEqualTo(first);
                        }
                    } finally {
                        pool.shutdown();
                    }
                }
            }
        }
    }

    /** Prompts of other lengths and batches are compiled first: what they pack must not change what a prompt gets later. */
    @Test
    void bitsDoNotDependOnWhatWasCompiledBefore() {
        float[] fresh = masksOfANewEngine();
        try (Engine engine = new OneDnnEngine(WEIGHTS, EngineOptions.DEFAULT);
                SegVolNetwork network = new SegVolNetwork(CONFIG, engine)) {
            SegVolNetwork.DecoderMemory memory = network.remember(network.encodeImage(IMAGE));
            for (int batch = 5; batch > 1; batch--) {
                PromptTokens[] prompts = new PromptTokens[batch];
                float[] clicks = new float[3 * batch], labels = new float[batch];
                Arrays.fill(prompts, PromptTokens.of(CONFIG.window(), clicks, labels, BOX, null));
                network.decode(memory, List.of(prompts), MaskDecoder.Masks.ALL);
            }
            assertThat(masks(network)).isEqualTo(fresh);
        }
    }

    /** Weights used where they lie in a file, and the same weights packed. */
    @Test
    void packedWeightsGiveWhatTheFilesGive(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("weights.safetensors");
        SafetensorsWriter.write(WEIGHTS, file, DType.F32, Converter.metadata(CONFIG));
        try (Checkpoint mapped = Checkpoint.open(file);
                Engine packing = new OneDnnEngine(mapped, EngineOptions.DEFAULT);
                Engine inPlace = new OneDnnEngine(mapped, EngineOptions.DEFAULT.withPacked(false));
                Engine unmapped = new OneDnnEngine(WEIGHTS, EngineOptions.DEFAULT);
                SegVolNetwork a = new SegVolNetwork(CONFIG, packing);
                SegVolNetwork b = new SegVolNetwork(CONFIG, inPlace);
                SegVolNetwork c = new SegVolNetwork(CONFIG, unmapped)) {
            float[] masks = masks(a);
            long[] shape = {masks.length};
            TensorAssert.assertClose("in place", masks, masks(b), shape, 1e-5);
            TensorAssert.assertClose("not mapped", masks, masks(c), shape, 1e-5);
        }
    }

    /** What {@link SegVolNetwork#prepare} compiles is what the first answer uses; it may go on at the same time. */
    @Test
    void preparingDoesNotChangeTheAnswer() throws Exception {
        float[] fresh = masksOfANewEngine();
        try (Engine engine = new OneDnnEngine(WEIGHTS, EngineOptions.DEFAULT);
                SegVolNetwork network = new SegVolNetwork(CONFIG, engine)) {
            OtherThread preparation =
                    OtherThread.start(() -> network.prepare(false, List.of(new MaskDecoder.Prompts(1, 2, false))));
            assertThat(masks(network)).isEqualTo(fresh);
            preparation.end();
            assertThat(masks(network)).isEqualTo(fresh);
        }
    }

    @Test
    void bfloat16StaysClose() {
        if (!OneDnnLibrary.hasBf16()) {
            System.out.println("bf16 not run: this CPU has " + OneDnnLibrary.instructions());
            return;
        }
        try (Engine exact = new OneDnnEngine(WEIGHTS, EngineOptions.DEFAULT);
                Engine fast = new OneDnnEngine(WEIGHTS, new EngineOptions(Precision.BF16, 0));
                SegVolNetwork a = new SegVolNetwork(CONFIG, exact);
                SegVolNetwork b = new SegVolNetwork(CONFIG, fast)) {
            float[] expected = a.encodeImage(IMAGE), actual = b.encodeImage(IMAGE);
            double difference = 0, size = 0;
            for (int i = 0; i < expected.length; i++) {
                difference += Math.pow(actual[i] - expected[i], 2);
                size += Math.pow(expected[i], 2);
            }
            double error = Math.sqrt(difference / size);
            System.out.printf("bf16 encoder: relative L2 error %.1e%n", error);
            assertThat(error).isBetween(1e-6, 5e-3);
        }
    }

    @Test
    void oneThreadAndTwoAgreeClosely() {
        try (Engine one = new OneDnnEngine(WEIGHTS, new EngineOptions(Precision.F32, 1));
                Engine two = new OneDnnEngine(WEIGHTS, new EngineOptions(Precision.F32, 2));
                SegVolNetwork a = new SegVolNetwork(CONFIG, one);
                SegVolNetwork b = new SegVolNetwork(CONFIG, two)) {
            float[] expected = masks(a), actual = masks(b);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isCloseTo(expected[i], within(2e-3f));
            }
        }
    }

    @Test
    void everyComputedOperationHasATime() {
        NetworkDefinition encoder = new NetworkParts(CONFIG).imageEncoder();
        Map<String, float[]> inputs = Map.of("patches", Patches.of(CONFIG, IMAGE));
        try (OneDnnEngine engine = new OneDnnEngine(WEIGHTS, EngineOptions.DEFAULT)) {
            long[] times = engine.timeOperations(encoder, inputs, 2);
            assertThat(times).hasSize(encoder.ops().size());
            for (int i = 0; i < times.length; i++) {
                Op op = encoder.ops().get(i);
                boolean computed = op instanceof Op.Linear || op instanceof Op.LayerNorm || op instanceof Op.Attention;
                assertThat(times[i] > 0).as("%s takes time", op).isEqualTo(computed);
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.timeOperations(encoder, inputs, 0))
                    .withMessageContaining("found 0");
        }
    }

    @Test
    void closingTheEngineWaitsForItsWork() throws Exception {
        CountDownLatch inside = new CountDownLatch(1), leave = new CountDownLatch(1);
        OneDnnEngine engine = new OneDnnEngine(WEIGHTS, EngineOptions.DEFAULT);
        OtherThread work = OtherThread.start(() -> engine.working(() -> {
            inside.countDown();
            OtherThread.await(leave);
            return null;
        }));
        OtherThread.await(inside);
        OtherThread closing = OtherThread.start(engine::close);
        boolean heldUp = closing.isHeldUp();
        leave.countDown();
        work.end();
        closing.end();
        assertThat(heldUp).isTrue();
    }

    @Test
    void closingANetworkWaitsForItsRun() throws Exception {
        CountDownLatch inside = new CountDownLatch(1), leave = new CountDownLatch(1);
        NetworkDefinition memory = new NetworkParts(CONFIG).imageMemory();
        Map<String, float[]> inputs = new HashMap<>();
        memory.inputs().forEach((name, tensor) -> inputs.put(name, new float[tensor.count()]));
        AtomicInteger asked = new AtomicInteger();
        Map<String, float[]> slow = new AbstractMap<>() {
            @Override
            public Set<Entry<String, float[]>> entrySet() {
                return inputs.entrySet();
            }

            /** The first time that an input is asked for it is checked, the second time the run has begun. */
            @Override
            public float[] get(Object name) {
                if (asked.incrementAndGet() > inputs.size()) {
                    inside.countDown();
                    OtherThread.await(leave);
                }
                return inputs.get(name);
            }
        };
        try (Engine engine = new OneDnnEngine(WEIGHTS, EngineOptions.DEFAULT)) {
            Network network = engine.compile(memory);
            OtherThread run = OtherThread.start(() -> network.run(slow));
            OtherThread.await(inside);
            OtherThread closing = OtherThread.start(network::close);
            boolean heldUp = closing.isHeldUp();
            leave.countDown();
            run.end();
            closing.end();
            assertThat(heldUp).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> network.run(inputs))
                    .withMessage("the network was closed");
        }
    }

    /** Close; whether the bits are the same depends on whose weights were packed first (docs/sessions.md). */
    @Test
    void aBatchOfPromptsAgreesCloselyWithSingleOnes() {
        ModelConfig config = TestConfigs.MINI;
        float[] image = RandomStream.units("batch test", config.window().count());
        try (Engine engine = new OneDnnEngine(new SyntheticWeights(config, 1), EngineOptions.DEFAULT);
                SegVolNetwork network = new SegVolNetwork(config, engine)) {
            DecoderMemory memory = network.remember(network.encodeImage(image));
            for (int n : new int[] {2, 3, 5, 8}) {
                List<PromptTokens> prompts = new ArrayList<>();
                for (int i = 0; i < n; i++) {
                    float[] text = RandomStream.units("text " + i, config.hidden());
                    prompts.add(PromptTokens.of(config.window(), null, null, null, text));
                }
                float[] together = network.decode(memory, prompts, Masks.SINGLE).get("masks");
                int differ = 0, at = 0;
                for (PromptTokens prompt : prompts) {
                    for (float alone : network.decode(memory, prompt)) {
                        float value = together[at++];
                        assertThat(value).isCloseTo(alone, within(1e-4f));
                        differ += value == alone ? 0 : 1;
                    }
                }
                assertThat(at).isEqualTo(together.length);
                System.out.printf("%d prompts as one batch: %d of %d logits have other bits%n", n, differ, at);
            }
        }
    }

    @Test
    void afterCloseCallsAreRefused() {
        Engine engine = new OneDnnEngine(WEIGHTS, EngineOptions.DEFAULT);
        SegVolNetwork network = new SegVolNetwork(CONFIG, engine);
        masks(network);
        engine.close();
        engine.close();
        assertThatIllegalStateException().isThrownBy(() -> masks(network)).withMessageContaining("closed");
        network.close();
    }
}
