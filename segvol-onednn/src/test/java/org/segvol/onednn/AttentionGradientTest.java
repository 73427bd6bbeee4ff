package org.segvol.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.dnnl.engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segvol.layers.GradientNetwork;
import org.segvol.layers.Graph;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.Tensor;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.ParameterTable;

/** Gradients of attention alone against plain loops in double, at sizes on both sides of the choice between all scores and tiles of them. */
class AttentionGradientTest {
    private static final double RELATIVE = 1e-5;

    @ParameterizedTest
    @CsvSource({
        // batch, queries, keys, heads, width of a head, threads, bias, gradients wanted
        "1, 1300, 1100, 3, 8, 1, false, qkv", // tiles, the last one smaller
        "2, 301, 699, 4, 5, 2, true, qkv", // odd, two heads at once, queries without some keys
        "1, 300, 700, 3, 8, 2, false, v",
        "1, 300, 700, 3, 8, 8, false, q", // more threads than heads
        "1, 300, 700, 3, 8, 2, false, kv",
        "2, 40, 50, 2, 8, 2, true, qkv", // all scores at once
    })
    void equalPlainLoops(
            int batch, int queries, int keys, int heads, int width, int threads, boolean biased, String wanted) {
        int inner = heads * width;
        Graph graph = new Graph(ParameterTable.of(TestConfigs.MINI));
        Tensor q = graph.input("q", batch, queries, inner), k = graph.input("k", batch, keys, inner);
        Tensor v = graph.input("v", batch, keys, inner);
        Tensor bias = biased ? graph.input("bias", batch, queries, keys) : null;
        graph.label("out", graph.attention(q, k, v, heads, bias));
        Random random = new Random(queries);
        Map<String, float[]> inputs = new LinkedHashMap<>();
        inputs.put("q", values(random, batch * queries * inner));
        inputs.put("k", values(random, batch * keys * inner));
        inputs.put("v", values(random, batch * keys * inner));
        if (biased) {
            inputs.put("bias", values(random, batch * queries * keys));
        }
        float[] upstream = values(random, batch * queries * inner);
        Set<String> names = wanted.chars().mapToObj(Character::toString).collect(Collectors.toSet());
        Map<String, double[]> expected =
                Plain.gradients(inputs, upstream, new int[] {batch, queries, keys, heads, width});
        NetworkDefinition definition = graph.build("out");
        for (Products products : Products.values()) {
            try (OneDnnGradientEngine engine = engine(threads, products);
                    GradientNetwork network = engine.differentiate(definition, names)) {
                network.gradients(inputs, Map.of("out", upstream)); // a second run must not add to the first
                Map<String, float[]> found =
                        network.gradients(inputs, Map.of("out", upstream)).inputs();
                assertThat(found.keySet()).isEqualTo(names);
                for (String name : names) {
                    assertClose(name + ", " + products, expected.get(name), found.get(name));
                }
            }
        }
    }

    /** Queries, keys and values are one tensor, whose gradient is the sum of the three. */
    @Test
    void oneTensorGetsTheSum() {
        int rows = 700, heads = 2, width = 8, inner = heads * width;
        Graph graph = new Graph(ParameterTable.of(TestConfigs.MINI));
        Tensor x = graph.input("x", 1, rows, inner);
        graph.label("out", graph.attention(x, x, x, heads, null));
        Random random = new Random(1);
        float[] values = values(random, rows * inner), upstream = values(random, rows * inner);
        Map<String, double[]> three = Plain.gradients(
                Map.of("q", values, "k", values, "v", values), upstream, new int[] {1, rows, rows, heads, width});
        double[] expected = new double[rows * inner];
        three.values().forEach(one -> Arrays.setAll(expected, i -> expected[i] + one[i]));
        for (Products products : Products.values()) {
            try (OneDnnGradientEngine engine = engine(2, products);
                    GradientNetwork network = engine.differentiate(graph.build("out"), Set.of("x"))) {
                GradientNetwork.Gradients found = network.gradients(Map.of("x", values), Map.of("out", upstream));
                assertClose(products.name(), expected, found.inputs().get("x"));
            }
        }
    }

    /** The loop that takes the place of oneDNN's where that is slow, on every CPU. */
    @Test
    void theSoftmaxLoopEqualsPlainLoops() {
        int rows = 37, width = 1001;
        double[] shares = new double[rows * width], gradient = new double[rows * width];
        Random random = new Random(2);
        Arrays.setAll(shares, i -> random.nextDouble() / width);
        Arrays.setAll(gradient, i -> random.nextDouble() - 0.5);
        OneDnnLibrary.load();
        try (engine cpu = new engine(engine.kind.cpu, 0);
                NativeArena arena = new NativeArena()) {
            PlanBuilder plan = new PlanBuilder();
            View p = view(plan, rows, width), g = view(plan, rows, width);
            plan.add(ReverseOperations.softmax(p, g, g));
            PlanBuilder.Plan finished = plan.finish();
            try (Execution execution =
                    new Execution(cpu, arena.allocate(cpu, 0), finished.bytes(), finished.operations())) {
                execution.floatPointer(p).put(floats(shares));
                execution.floatPointer(g).put(floats(gradient));
                execution.run();
                float[] found = new float[rows * width];
                execution.floatPointer(g).get(found);
                Plain.softmax(shares, gradient, width);
                for (int i = 0; i < found.length; i++) {
                    assertThat((double) found[i]).isCloseTo(gradient[i], within(1e-8));
                }
            }
        }
    }

    private static View view(PlanBuilder plan, long rows, long width) {
        return View.of(plan.input(4 * rows * width, Storage.FOREVER), ElementType.F32, rows, width);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static OneDnnGradientEngine engine(int threads, Products products) {
        return new OneDnnGradientEngine(new SyntheticWeights(TestConfigs.MINI, 1), Set.of(), threads, products);
    }

    private static void assertClose(String name, double[] wanted, float[] actual) {
        double largest = Arrays.stream(wanted).map(Math::abs).max().orElseThrow();
        assertThat(largest).as(name).isPositive();
        TensorAssert.assertClose(name, floats(wanted), actual, new long[] {wanted.length}, RELATIVE * largest);
    }

    private static float[] values(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** The textbook's formulas, one pair of query and key after the other. */
    private static final class Plain {
        /** Gradients of q, k and v; sizes: batch, queries, keys, heads, width of a head. */
        static Map<String, double[]> gradients(Map<String, float[]> inputs, float[] upstream, int[] sizes) {
            float[] q = inputs.get("q"), k = inputs.get("k"), v = inputs.get("v"), bias = inputs.get("bias");
            int batch = sizes[0], queries = sizes[1], keys = sizes[2], heads = sizes[3], width = sizes[4];
            int inner = heads * width;
            double[] ofQ = new double[q.length], ofK = new double[k.length], ofV = new double[v.length];
            double scale = 1 / Math.sqrt(width);
            for (int at = 0; at < batch * queries * heads; at++) {
                int b = at / heads / queries, row = at / heads, first = at % heads * width;
                double[] shares = new double[keys], gradient = new double[keys];
                for (int j = 0; j < keys; j++) {
                    for (int c = first; c < first + width; c++) {
                        int key = (b * keys + j) * inner + c;
                        shares[j] += scale * q[row * inner + c] * k[key];
                        gradient[j] += (double) upstream[row * inner + c] * v[key];
                    }
                    shares[j] = Math.exp(shares[j] + (bias == null ? 0 : bias[row * keys + j]));
                }
                double sum = Arrays.stream(shares).sum();
                Arrays.setAll(shares, j -> shares[j] / sum);
                softmax(shares, gradient, keys);
                for (int j = 0; j < keys; j++) {
                    for (int c = first; c < first + width; c++) {
                        int key = (b * keys + j) * inner + c;
                        ofV[key] += shares[j] * upstream[row * inner + c];
                        ofQ[row * inner + c] += scale * gradient[j] * k[key];
                        ofK[key] += scale * gradient[j] * q[row * inner + c];
                    }
                }
            }
            return Map.of("q", ofQ, "k", ofK, "v", ofV);
        }

        /** Gradient of the softmax of rows, from its result, in the place of the gradient of the result. */
        static void softmax(double[] shares, double[] gradient, int width) {
            for (int from = 0; from < shares.length; from += width) {
                double middle = 0;
                for (int i = from; i < from + width; i++) {
                    middle += shares[i] * gradient[i];
                }
                for (int i = from; i < from + width; i++) {
                    gradient[i] = shares[i] * (gradient[i] - middle);
                }
            }
        }
    }
}
