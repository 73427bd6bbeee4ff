package org.segvol.onednn;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segvol.layers.Activation;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
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

/** Linear layers and transposed convolutions against the plain loops, in both ways, with few and many rows, from files and from memory. */
class ProductsTest {
    private static final ModelConfig CONFIG = TestConfigs.MINI;
    private static final String BLOCK = "image_encoder.blocks.0.";
    private static final SyntheticWeights WEIGHTS = new SyntheticWeights(CONFIG, 1);

    @TempDir
    Path folder;

    private static NetworkDefinition definition(int rows) {
        Graph graph = new Graph(ParameterTable.of(CONFIG));
        Tensor x = graph.input("x", 1, rows, CONFIG.hidden());
        Tensor qkv = graph.linear(x, BLOCK + "attn.qkv");
        Tensor part = graph.slice(qkv, 2, CONFIG.hidden(), 2 * CONFIG.hidden()); // rows at a distance
        Tensor added = graph.addLinear(x, part, BLOCK + "attn.out_proj");
        Tensor wide = graph.linear(added, BLOCK + "mlp.linear1", Activation.GELU);
        Tensor again = graph.label("linear", graph.addLinear(added, wide, BLOCK + "mlp.linear2"));
        graph.label("convolution", graph.convTranspose2x(again, "mask_decoder.output_upscaling.0", Activation.GELU));
        return graph.build("linear", "convolution");
    }

    @ParameterizedTest
    @CsvSource({"1, F32", "255, F32", "256, F32", "1001, F32", "300, F16"})
    void equalThePlainLoops(int rows, DType stored) throws Exception {
        NetworkDefinition definition = definition(rows);
        Random random = new Random(rows);
        float[] x = new float[rows * CONFIG.hidden()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
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
}
