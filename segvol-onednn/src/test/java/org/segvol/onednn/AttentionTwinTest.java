package org.segvol.onednn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
import org.segvol.weights.ParameterTable;

/** Attention alone against the plain loops, at sizes on both sides of each choice that {@link AttentionPlan} makes. */
class AttentionTwinTest {
    /** Float32 sums of up to 1100 shares of values below 1. */
    private static final double TOLERANCE = 2e-6;
    /** Inputs, shares and results are rounded to eight bits. */
    private static final double ROUNDED = 1e-2;

    @ParameterizedTest
    @CsvSource({
        // batch, queries, keys, heads, width of a head, threads, bias
        "1, 1300, 1100, 3, 8, 1, false", // packed or direct: some tiles, the last one smaller
        "1, 300, 700, 3, 8, 1, false", // packed or direct, one tile
        "2, 301, 699, 3, 5, 2, true", // packed, odd, heads that two threads cannot share evenly
        "1, 400, 512, 4, 16, 8, false", // packed, more threads than heads
        "1, 256, 512, 2, 8, 2, false", // few scores: not packed
        "1, 3000, 50, 2, 8, 2, true", // too few keys to be packed
        "3, 7, 13, 2, 3, 2, true",
    })
    void equalsThePlainLoops(int batch, int queries, int keys, int heads, int width, int threads, boolean biased) {
        int inner = heads * width;
        for (EngineOptions.Precision precision : EngineOptions.Precision.values()) {
            if (precision == EngineOptions.Precision.F32 || OneDnnLibrary.hasBf16()) {
                for (Products products : Products.values()) {
                    compare(
                            batch,
                            queries,
                            keys,
                            heads,
                            inner,
                            biased,
                            new EngineOptions(precision, threads),
                            products);
                }
            } else {
                System.out.println("bf16 not run: this CPU has " + OneDnnLibrary.instructions());
            }
        }
    }

    private static void compare(
            int batch,
            int queries,
            int keys,
            int heads,
            int inner,
            boolean biased,
            EngineOptions options,
            Products products) {
        Graph graph = new Graph(ParameterTable.of(TestConfigs.MINI));
        graph.allowReducedPrecision();
        Tensor q = graph.input("q", batch, queries, inner), k = graph.input("k", batch, keys, inner);
        Tensor v = graph.input("v", batch, keys, inner);
        Tensor bias = biased ? graph.input("bias", batch, queries, keys) : null;
        graph.label("out", graph.attention(q, k, v, heads, bias));
        NetworkDefinition definition = graph.build("out");
        Random random = new Random(queries);
        Map<String, float[]> inputs = new HashMap<>();
        for (String name : List.of("q", "k", "v", "bias")) {
            if (biased || !name.equals("bias")) {
                int rows = name.equals("q") || name.equals("bias") ? queries : keys;
                inputs.put(name, values(random, batch * rows * (name.equals("bias") ? keys : inner)));
            }
        }
        SyntheticWeights weights = new SyntheticWeights(TestConfigs.MINI, 1);
        try (Engine fast = new OneDnnEngine(weights, options, products);
                Network compiled = fast.compile(definition);
                Network twin = new PlainEngine(weights).compile(definition)) {
            float[] expected = twin.run(inputs).get("out"),
                    actual = compiled.run(inputs).get("out");
            long[] shape = {batch, queries, inner};
            double tolerance = options.precision() == EngineOptions.Precision.F32 ? TOLERANCE : ROUNDED;
            TensorAssert.assertClose("attention, " + products, expected, actual, shape, tolerance);
        }
    }

    private static float[] values(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }
}
