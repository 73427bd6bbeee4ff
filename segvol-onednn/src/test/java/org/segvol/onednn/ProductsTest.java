package org.segvol.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segvol.layers.Activation;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.GradientNetwork;
import org.segvol.layers.Graph;
import org.segvol.layers.Network;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.PlainEngine;
import org.segvol.layers.Tensor;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.Converter;
import org.segvol.weights.DType;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;
import org.segvol.weights.SafetensorsWriter;

/** Linear layers, attention and transposed convolutions in both ways: against the plain loops, and their gradients against each other. */
class ProductsTest {
    private static final ModelConfig CONFIG = TestConfigs.MINI;
    private static final String BLOCK = "image_encoder.blocks.0.";
    private static final String UPSCALING = "mask_decoder.output_upscaling.0";
    private static final SyntheticWeights WEIGHTS = new SyntheticWeights(CONFIG, 1);

    @TempDir
    Path folder;

    private static NetworkDefinition definition(int rows) {
        Graph graph = new Graph(ParameterTable.of(CONFIG));
        Tensor x = graph.input("x", 1, rows, CONFIG.hidden());
        Tensor qkv = graph.linear(x, BLOCK + "attn.qkv");
        int c = CONFIG.hidden();
        Tensor q = graph.slice(qkv, 2, 0, c), k = graph.slice(qkv, 2, c, 2 * c), v = graph.slice(qkv, 2, 2 * c, 3 * c);
        Tensor attended = graph.attention(q, k, v, CONFIG.heads()); // rows at a distance
        Tensor added = graph.addLinear(x, attended, BLOCK + "attn.out_proj");
        Tensor wide = graph.linear(added, BLOCK + "mlp.linear1", Activation.GELU);
        Tensor again = graph.label("linear", graph.addLinear(added, wide, BLOCK + "mlp.linear2"));
        graph.label("convolution", graph.convTranspose2x(again, UPSCALING, Activation.GELU));
        return graph.build("linear", "convolution");
    }

    @ParameterizedTest
    @CsvSource({"1, F32", "255, F32", "256, F32", "1001, F32", "300, F16"})
    void equalThePlainLoops(int rows, DType stored) throws Exception {
        NetworkDefinition definition = definition(rows);
        float[] x = values(rows, rows * CONFIG.hidden());
        Path file = folder.resolve("weights.safetensors");
        SafetensorsWriter.write(WEIGHTS, file, stored, Converter.metadata(CONFIG));
        try (Checkpoint mapped = Checkpoint.open(file);
                Network twin = new PlainEngine(mapped).compile(definition)) {
            Map<String, float[]> inputs = new HashMap<>(Map.of("x", x)), expected = twin.run(inputs);
            for (Products products : Products.values()) {
                try (Engine engine = new OneDnnEngine(mapped, EngineOptions.DEFAULT, products);
                        Network compiled = engine.compile(definition)) {
                    Map<String, float[]> actual = compiled.run(inputs);
                    for (String name : expected.keySet()) {
                        float[] wanted = expected.get(name);
                        TensorAssert.assertClose(
                                name + ", " + products, wanted, actual.get(name), new long[] {wanted.length}, 5e-6);
                    }
                }
            }
        }
    }

    /** Everything is trained; the second of two runs adds nothing to the first. */
    @ParameterizedTest
    @ValueSource(ints = {24, 1001})
    void gradientsAreTheSameInBothWays(int rows) {
        NetworkDefinition definition = definition(rows);
        Map<String, float[]> inputs = Map.of("x", values(rows, rows * CONFIG.hidden())), upstream = new HashMap<>();
        definition.outputs().forEach((name, tensor) -> upstream.put(name, values(name.length(), tensor.count())));
        Set<String> trained = Set.of(
                BLOCK + "attn.qkv.weight",
                BLOCK + "attn.out_proj.weight",
                BLOCK + "attn.out_proj.bias",
                BLOCK + "mlp.linear1.weight",
                BLOCK + "mlp.linear2.weight",
                UPSCALING + ".weight",
                UPSCALING + ".bias");
        Map<Products, GradientNetwork.Gradients> found = new EnumMap<>(Products.class);
        for (Products products : Products.values()) {
            try (OneDnnGradientEngine engine = new OneDnnGradientEngine(WEIGHTS, trained, 0, products);
                    GradientNetwork network = engine.differentiate(definition, Set.of("x"))) {
                network.gradients(inputs, upstream);
                found.put(products, network.gradients(inputs, upstream));
            }
        }
        GradientNetwork.Gradients expected = found.get(Products.PRIMITIVES), actual = found.get(Products.DIRECT);
        assertThat(actual.parameters().keySet()).isEqualTo(trained);
        expected.parameters()
                .forEach((name, wanted) ->
                        assertClose(name, wanted, actual.parameters().get(name)));
        assertClose("x", expected.inputs().get("x"), actual.inputs().get("x"));
    }

    private static void assertClose(String name, float[] wanted, float[] actual) {
        double largest = 0;
        for (float value : wanted) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).as(name).isPositive();
        TensorAssert.assertClose(name, wanted, actual, new long[] {wanted.length}, 1e-5 * largest);
    }

    private static float[] values(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
