package org.segvol.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.GradientEngine;
import org.segvol.layers.MaskDecoder.Masks;
import org.segvol.layers.PlainEngine;
import org.segvol.layers.PromptTokens;
import org.segvol.layers.SegVolGradients;
import org.segvol.layers.SegVolNetwork;
import org.segvol.layers.samediff.SameDiffGradientEngine;
import org.segvol.testing.RandomStream;
import org.segvol.testing.SyntheticWeights;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;
import org.segvol.weights.TensorInfo;
import org.segvol.weights.TensorSource;

/**
 * Gradients of every parameter of every layer, of both gradient engines, against finite differences of the plain twin, which computes in
 * double. The number that is differentiated is a sum of all image tokens, text embeddings and logits with random factors.
 */
class GradientTest {
    private static final ModelConfig CONFIG = new ModelConfig(
            "gradients",
            new Extent(4, 8, 12),
            new Extent(2, 4, 6),
            16,
            12,
            1,
            2,
            2,
            2,
            10,
            2,
            6,
            2,
            4,
            30,
            8,
            10,
            1,
            2,
            12);
    private static final double STEP = 1.0 / 512;
    private static final int PER_PARAMETER = 3;
    private static final List<int[]> TEXTS = List.of(new int[] {28, 3, 4, 29}, new int[] {28, 7, 29});

    /** Weights of which single elements can be moved. */
    private static final class MovedWeights implements TensorSource {
        private final SyntheticWeights base = new SyntheticWeights(CONFIG, 5);
        private final Map<String, float[]> cache = new HashMap<>();

        @Override
        public Map<String, TensorInfo> tensors() {
            return base.tensors();
        }

        float[] values(String name) {
            return cache.computeIfAbsent(name, base::values);
        }

        @Override
        public void read(String name, FloatBuffer target) {
            target.put(values(name));
        }
    }

    private static List<PromptTokens> prompts(float[] texts) {
        int c = CONFIG.hidden();
        float[] clicks = {1, 2, 3, 3, 7, 9, -1, -1, -1}, labels = {1, 0, -1}, box = {0, 1, 2, 3, 5, 9};
        return List.of(
                PromptTokens.of(CONFIG.window(), clicks, labels, null, Arrays.copyOfRange(texts, 0, c)),
                PromptTokens.of(CONFIG.window(), null, null, box, Arrays.copyOfRange(texts, c, 2 * c)),
                PromptTokens.of(CONFIG.window(), null, null, box, null),
                PromptTokens.of(CONFIG.window(), clicks, labels, box, null));
    }

    private static float[] image() {
        return RandomStream.units("gradient image", CONFIG.window().count());
    }

    private static float[] factors(String what, int count) {
        float[] values = RandomStream.units("gradient " + what, count);
        for (int i = 0; i < count; i++) {
            values[i] = 2 * values[i] - 1;
        }
        return values;
    }

    /** The number, from the plain twin. */
    private static double value(TensorSource weights) {
        try (SegVolNetwork network = new SegVolNetwork(CONFIG, new PlainEngine(weights))) {
            int c = CONFIG.hidden();
            float[] texts = new float[TEXTS.size() * c];
            for (int t = 0; t < TEXTS.size(); t++) {
                System.arraycopy(network.encodeText(TEXTS.get(t)), 0, texts, t * c, c);
            }
            float[] tokens = network.encodeImage(image());
            double sum = dot(factors("texts", texts.length), texts) + dot(factors("tokens", tokens.length), tokens);
            SegVolNetwork.DecoderMemory memory = network.remember(tokens);
            List<PromptTokens> prompts = prompts(texts);
            int voxels = CONFIG.lowRes().count();
            for (int p = 0; p < prompts.size(); p++) {
                float[] masks = network.decode(memory, List.of(prompts.get(p)), Masks.SINGLE)
                        .get("masks");
                sum += dot(factors("masks " + p, voxels), masks);
            }
            return sum;
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** Gradients of the number by an engine. */
    private static Map<String, float[]> gradients(BiFunction<TensorSource, Set<String>, GradientEngine> engines) {
        Map<String, float[]> sums = new TreeMap<>();
        SegVolGradients.Sink sink = (name, gradient) -> sums.merge(name, gradient, GradientTest::plus);
        try (GradientEngine engine = engines.apply(new SyntheticWeights(CONFIG, 5), trained());
                SegVolGradients network = new SegVolGradients(CONFIG, engine)) {
            int c = CONFIG.hidden(), voxels = CONFIG.lowRes().count();
            float[] texts = network.texts(TEXTS).embeddings();
            float[] tokens = network.images(List.of(image())).tokens();
            List<PromptTokens> prompts = prompts(texts);
            float[] upstream = new float[prompts.size() * voxels];
            for (int p = 0; p < prompts.size(); p++) {
                System.arraycopy(factors("masks " + p, voxels), 0, upstream, p * voxels, voxels);
            }
            SegVolGradients.DecoderPart.Back back =
                    network.decoder(tokens, prompts, 6).backward(upstream, sink);
            float[] textGradient = factors("texts", texts.length);
            for (int p = 0; p < 2; p++) {
                for (int i = 0; i < c; i++) {
                    textGradient[p * c + i] += back.texts()[p * c + i];
                }
            }
            network.texts(TEXTS).backward(textGradient, sink);
            network.images(List.of(image())).backward(plus(factors("tokens", tokens.length), back.tokens()), sink);
        }
        return sums;
    }

    private static float[] plus(float[] a, float[] b) {
        float[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    private static Set<String> trained() {
        ParameterTable table = ParameterTable.of(CONFIG);
        Set<String> names = new TreeSet<>(table.tensors().keySet());
        names.removeAll(SegVolGradients.untrainable(table));
        return names;
    }

    @TestFactory
    List<DynamicTest> finiteDifferences() {
        Map<String, Map<String, float[]>> engines = new LinkedHashMap<>();
        engines.put("onednn", gradients((weights, names) -> new OneDnnGradientEngine(weights, names, 2)));
        engines.put("samediff", gradients((weights, names) -> new SameDiffGradientEngine(weights, names, 2)));
        MovedWeights moved = new MovedWeights();
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : engines.get("onednn").keySet()) {
            tests.add(DynamicTest.dynamicTest(name, () -> check(name, engines, moved)));
        }
        assertThat(tests).hasSizeGreaterThan(90);
        return tests;
    }

    private static void check(String name, Map<String, Map<String, float[]>> engines, MovedWeights moved) {
        float[] values = moved.values(name);
        float[] reference = engines.get("onednn").get(name);
        double largest = 0;
        int at = 0;
        for (int i = 0; i < reference.length; i++) {
            if (Math.abs(reference[i]) > largest) {
                largest = Math.abs(reference[i]);
                at = i;
            }
        }
        double allowed = 0.01 * Math.max(largest, 1e-2);
        for (int k = 0; k < PER_PARAMETER; k++) {
            int index = k == 0 ? at : (int) ((RandomStream.fnv1a64((byte) k) >>> 8) % values.length);
            float kept = values[index];
            double slope = (moved(moved, values, index, kept, STEP) * 8 - moved(moved, values, index, kept, 2 * STEP))
                    / (12 * STEP);
            values[index] = kept;
            for (Map.Entry<String, Map<String, float[]>> engine : engines.entrySet()) {
                assertThat((double) engine.getValue().get(name)[index])
                        .as("%s %s[%d]", engine.getKey(), name, index)
                        .isCloseTo(slope, within(allowed));
            }
        }
    }

    /** f(x + h) - f(x - h). */
    private static double moved(TensorSource weights, float[] values, int index, float from, double step) {
        values[index] = (float) (from + step);
        double after = value(weights);
        values[index] = (float) (from - step);
        return after - value(weights);
    }

    @Test
    void paddedPromptsGetWhatTheyGetAlone() {
        try (GradientEngine engine = new OneDnnGradientEngine(new SyntheticWeights(CONFIG, 5), trained(), 2);
                SegVolGradients network = new SegVolGradients(CONFIG, engine);
                OneDnnEngine plain = new OneDnnEngine(new SyntheticWeights(CONFIG, 5), EngineOptions.DEFAULT);
                SegVolNetwork single = new SegVolNetwork(CONFIG, plain)) {
            float[] texts = network.texts(TEXTS).embeddings();
            float[] tokens = network.images(List.of(image())).tokens();
            List<PromptTokens> prompts = prompts(texts);
            float[] together = network.decoder(tokens, prompts, 9).masks();
            int voxels = CONFIG.lowRes().count();
            for (int p = 0; p < prompts.size(); p++) {
                float[] alone = single.decode(single.remember(tokens), prompts.get(p));
                float[] own = Arrays.copyOfRange(together, p * voxels, (p + 1) * voxels);
                for (int i = 0; i < voxels; i++) {
                    assertThat(own[i]).isCloseTo(alone[i], within(1e-4f));
                }
            }
        }
    }

    @Test
    void ofAllBatchSizesOneDecoderIsKeptWhereTheyAreLarge() {
        try (OneDnnGradientEngine engine = new OneDnnGradientEngine(new SyntheticWeights(CONFIG, 5), trained(), 2);
                SegVolGradients network = new SegVolGradients(CONFIG, engine, 0)) {
            float[] texts = network.texts(TEXTS).embeddings();
            float[] tokens = network.images(List.of(image())).tokens();
            List<PromptTokens> prompts = prompts(texts);
            float[] first = decoderGradients(network, tokens, prompts);
            long objects = 0;
            for (int round = 0; round < 3; round++) {
                for (int batch = 1; batch <= prompts.size(); batch++) {
                    float[] gradients = decoderGradients(network, tokens, prompts.subList(0, batch));
                    assertThat(engine.openNetworks()).isEqualTo(3);
                    if (batch == prompts.size()) {
                        assertThat(gradients).isEqualTo(first);
                    }
                }
                if (round == 0) {
                    objects = Pointer.totalCount(); // with the weights as every size wants them
                }
            }
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(objects);
        }
    }

    @Test
    void smallDecodersAreKept() {
        try (OneDnnGradientEngine engine = new OneDnnGradientEngine(new SyntheticWeights(CONFIG, 5), trained(), 2);
                SegVolGradients network = new SegVolGradients(CONFIG, engine)) {
            float[] tokens = network.images(List.of(image())).tokens();
            List<PromptTokens> prompts = prompts(network.texts(TEXTS).embeddings());
            for (int round = 0; round < 2; round++) {
                for (int batch = 1; batch <= prompts.size(); batch++) {
                    decoderGradients(network, tokens, prompts.subList(0, batch));
                }
            }
            assertThat(engine.openNetworks()).isEqualTo(2 + prompts.size());
        }
    }

    /** Gradients of the tokens for masks' gradients of random factors. */
    private static float[] decoderGradients(SegVolGradients network, float[] tokens, List<PromptTokens> prompts) {
        SegVolGradients.DecoderPart part = network.decoder(tokens, prompts, 6);
        float[] upstream = factors("masks", part.masks().length);
        return part.backward(upstream, (name, gradient) -> {}).tokens();
    }

    @Test
    void gradientsOfOutputsThatDoNotFitAreRefused() {
        SyntheticWeights weights = new SyntheticWeights(CONFIG, 5);
        for (GradientEngine engine : List.of(
                new OneDnnGradientEngine(weights, Set.of(), 1), new SameDiffGradientEngine(weights, Set.of(), 1))) {
            try (engine;
                    SegVolGradients network = new SegVolGradients(CONFIG, engine)) {
                SegVolGradients.ImagePart part = network.images(List.of(image()));
                int count = part.tokens().length;
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> part.backward(new float[count + 1], (name, gradient) -> {}))
                        .withMessage("the gradient of output tokens needs " + count + " values, found " + (count + 1));
            }
        }
    }
}
