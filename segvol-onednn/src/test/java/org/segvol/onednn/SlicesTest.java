package org.segvol.onednn;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.GradientEngine;
import org.segvol.layers.GradientNetwork;
import org.segvol.layers.Graph;
import org.segvol.layers.Network;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.PlainEngine;
import org.segvol.layers.Tensor;
import org.segvol.layers.samediff.SameDiffGradientEngine;
import org.segvol.testing.RandomStream;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;

/** Operations on parts of a tensor, whose rows have gaps between them: some kernels of oneDNN read wrong numbers there. */
class SlicesTest {
    private static final ModelConfig CONFIG = TestConfigs.MINI;
    private static final SyntheticWeights WEIGHTS = new SyntheticWeights(CONFIG, 1);
    private static final double TOLERANCE = 1e-4; // float32 against double, values around 1

    private static void compare(Graph g, String output) {
        NetworkDefinition definition = g.build(output);
        Map<String, float[]> inputs = Map.of(
                "x", RandomStream.units("slices", definition.inputs().get("x").count()));
        float[] expected =
                new PlainEngine(WEIGHTS).compile(definition).run(inputs).get(output);
        try (Engine engine = new OneDnnEngine(WEIGHTS, EngineOptions.DEFAULT);
                Network network = engine.compile(definition)) {
            close("forward", expected, network.run(inputs).get(output));
        }
        try (GradientEngine engine = new OneDnnGradientEngine(WEIGHTS, Set.of(), 0);
                GradientEngine reference = new SameDiffGradientEngine(WEIGHTS, Set.of(), 0);
                GradientNetwork network = engine.differentiate(definition, Set.of("x"));
                GradientNetwork twin = reference.differentiate(definition, Set.of("x"))) {
            close("forward, to be differentiated", expected, network.run(inputs).get(output));
            Map<String, float[]> upstream = Map.of(output, RandomStream.units("upstream", expected.length));
            close(
                    "gradient",
                    twin.gradients(inputs, upstream).inputs().get("x"),
                    network.gradients(inputs, upstream).inputs().get("x"));
        }
    }

    private static void close(String what, float[] expected, float[] actual) {
        TensorAssert.assertClose(
                what, expected, Arrays.copyOf(actual, actual.length), new long[] {expected.length}, TOLERANCE);
    }

    @Test
    void layerNormOfSomeChannels() {
        int c = CONFIG.hidden();
        Graph g = new Graph(ParameterTable.of(CONFIG));
        Tensor x = g.input("x", 1, 7, 3 * c);
        g.label("normal", g.layerNorm(g.slice(x, 2, c, 2 * c), "image_encoder.norm"));
        compare(g, "normal");
    }

    @Test
    void attentionOfABatchOfSomeChannels() {
        Graph g = new Graph(ParameterTable.of(CONFIG));
        Tensor x = g.input("x", 3, 2, 21);
        Tensor q = g.slice(x, 2, 0, 14), k = g.slice(x, 2, 7, 21);
        Tensor attended = g.attention(q, k, q, 2);
        g.label("attended", g.scale(attended, 1, 0.5f));
        compare(g, "attended");
    }

    @Test
    void attentionWithABiasThatIsAPart() {
        Graph g = new Graph(ParameterTable.of(CONFIG));
        Tensor x = g.input("x", 2, 5, 12);
        Tensor bias = g.slice(g.constant(RandomStream.units("bias", 2 * 5 * 8), 2, 5, 8), 2, 1, 6);
        g.label("attended", g.attention(x, x, x, 3, bias));
        compare(g, "attended");
    }

    @Test
    void productsWithoutAnInnerLength() {
        Graph g = new Graph(ParameterTable.of(CONFIG));
        Tensor x = g.input("x", 3, 1, 9);
        Tensor left = g.reshape(g.slice(x, 2, 0, 4), 3, 4, 1);
        g.label("product", g.matmul(left, g.slice(x, 2, 4, 6), false));
        compare(g, "product");
    }
}
