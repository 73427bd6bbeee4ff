package org.segvol.onednn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.MaskDecoder.Masks;
import org.segvol.layers.PlainEngine;
import org.segvol.layers.PromptTokens;
import org.segvol.layers.SegVolNetwork;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TensorAssert;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/** The whole network at random odd sizes against the plain loops: every kind of operation, lengths that no vector unit likes. */
class TwinTest {
    /** Float32 sums of up to a few thousand products against double ones, relative to the largest value. */
    private static final double RELATIVE = 5e-5;

    @TestFactory
    List<DynamicTest> oddSizes() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int seed = 1; seed <= 5; seed++) {
            int chosen = seed;
            tests.add(DynamicTest.dynamicTest("seed " + seed, () -> compare(chosen)));
        }
        return tests;
    }

    private static Extent extent(Random random, int least, int most) {
        int range = most - least + 1;
        return new Extent(least + random.nextInt(range), least + random.nextInt(range), least + random.nextInt(range));
    }

    private static ModelConfig config(Random random) {
        Extent patch = extent(random, 1, 5), grid = extent(random, 1, 4);
        int hidden = 8 * (2 + random.nextInt(5));
        List<Integer> heads = divisors(hidden / 2);
        int textHidden = 3 + random.nextInt(30);
        List<Integer> textHeads = divisors(textHidden);
        return new ModelConfig(
                "odd",
                new Extent(patch.d() * grid.d(), patch.h() * grid.h(), patch.w() * grid.w()),
                patch,
                hidden,
                1 + random.nextInt(70),
                1 + random.nextInt(3),
                heads.get(random.nextInt(heads.size())),
                1 + random.nextInt(3),
                heads.get(random.nextInt(heads.size())),
                1 + random.nextInt(70),
                1 + random.nextInt(5),
                1 + random.nextInt(40),
                1 + random.nextInt(3),
                4,
                50 + random.nextInt(50),
                textHidden,
                1 + random.nextInt(70),
                1 + random.nextInt(3),
                textHeads.get(random.nextInt(textHeads.size())),
                20 + random.nextInt(40));
    }

    private static List<Integer> divisors(int n) {
        List<Integer> out = new ArrayList<>();
        for (int i = 1; i <= n; i++) {
            if (n % i == 0) {
                out.add(i);
            }
        }
        return out;
    }

    private static float[] values(Random random, int count, float scale) {
        float[] out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = random.nextFloat() * scale;
        }
        return out;
    }

    private static void compare(int seed) {
        Random random = new Random(seed);
        ModelConfig config = config(random);
        System.out.println("seed " + seed + ": " + config);
        SyntheticWeights weights = new SyntheticWeights(config, seed);
        try (Engine fast = new OneDnnEngine(weights, EngineOptions.DEFAULT);
                SegVolNetwork network = new SegVolNetwork(config, fast);
                SegVolNetwork twin = new SegVolNetwork(config, new PlainEngine(weights))) {
            float[] image = values(random, config.window().count(), 1);
            float[] tokens = twin.encodeImage(image);
            close("image", tokens, network.encodeImage(image));
            int[] ids = new int[2 + random.nextInt(config.textPositions() - 2)];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = random.nextInt(config.textVocabulary() - 2);
            }
            ids[0] = config.startOfText();
            ids[ids.length - 1] = config.endOfText();
            float[] text = twin.encodeText(ids);
            close("text", text, network.encodeText(ids));
            SegVolNetwork.DecoderMemory memory = twin.remember(tokens);
            close("memory", memory.tokens(), network.remember(tokens).tokens());
            close("memory keys", memory.keys(), network.remember(tokens).keys());
            for (int form = 1; form < 8; form++) {
                List<PromptTokens> prompts = new ArrayList<>();
                int clicks = 1 + random.nextInt(6);
                for (int b = 0; b < 1 + form % 3; b++) {
                    float[] labels = new float[clicks];
                    for (int i = 0; i < clicks; i++) {
                        labels[i] = random.nextInt(3) - 1;
                    }
                    prompts.add(PromptTokens.of(
                            config.window(),
                            (form & 1) != 0
                                    ? values(random, 3 * clicks, config.window().h())
                                    : null,
                            (form & 1) != 0 ? labels : null,
                            (form & 2) != 0 ? values(random, 6, config.window().h()) : null,
                            (form & 4) != 0 ? text : null));
                }
                Map<String, float[]> expected = twin.decode(memory, prompts, Masks.ALL);
                Map<String, float[]> actual = network.decode(memory, prompts, Masks.ALL);
                close("masks of form " + form, expected.get("masks"), actual.get("masks"));
                close("quality of form " + form, expected.get("quality"), actual.get("quality"));
            }
        }
    }

    private static void close(String what, float[] expected, float[] actual) {
        double largest = 1;
        for (float v : expected) {
            largest = Math.max(largest, Math.abs(v));
        }
        long[] shape = {expected.length};
        TensorAssert.assertClose(what, expected, Arrays.copyOf(actual, actual.length), shape, RELATIVE * largest);
    }
}
