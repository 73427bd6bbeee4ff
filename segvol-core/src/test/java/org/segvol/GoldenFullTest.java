package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.infer.Decision;
import org.segvol.io.Volumes;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.Graph;
import org.segvol.layers.MaskDecoder.Masks;
import org.segvol.layers.Network;
import org.segvol.layers.Patches;
import org.segvol.layers.PromptTokens;
import org.segvol.layers.SegVolNetwork;
import org.segvol.layers.VisionTransformer;
import org.segvol.preprocess.Preprocessor;
import org.segvol.preprocess.Variant;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;
import org.segvol.testing.RandomStream;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestTensors;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;

/** The network at released size, on every engine that runs here. */
class GoldenFullTest {
    private static final String CT = "example_ct.nii.gz";
    /** Steps at which this group samples channels and tokens. */
    private static final int CHANNEL_STEP = 64, TOKEN_STEP = 256;

    @TestFactory
    List<DynamicNode> full() {
        List<DynamicNode> nodes = new ArrayList<>();
        for (Path group : GoldenFolders.announced("full")) {
            for (Engines.Candidate engine : Engines.candidates()) {
                if (engine.whyNot() != null) {
                    System.out.println("golden group full: engine " + engine.name() + " not run: " + engine.whyNot());
                    continue;
                }
                nodes.add(DynamicContainer.dynamicContainer(engine.name(), tests(Manifest.read(group), engine.name())));
            }
        }
        return nodes;
    }

    private static List<DynamicTest> tests(Manifest manifest, String engine) {
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(DynamicTest.dynamicTest(engine + " text", () -> with(manifest, engine, run -> run.checkText())));
        for (String image : List.of("synthetic", "ct")) {
            if (!manifest.expectations("image.safetensors").containsKey(image + ".tokens")) {
                continue;
            }
            Optional<Path> ct = GoldenFolders.data(CT);
            if (image.equals("ct") && ct.isEmpty()) {
                System.out.println("golden group full: image ct not run, " + CT + " is not there");
                continue;
            }
            tests.add(DynamicTest.dynamicTest(
                    engine + " " + image, () -> with(manifest, engine, run -> run.checkImage(image, ct))));
        }
        return tests;
    }

    private interface Check {
        void run(Run run) throws IOException;
    }

    private static void with(Manifest manifest, String name, Check check) throws IOException {
        Path file = SyntheticWeights.fullSizeFile(manifest.config(), manifest.seed());
        try (Checkpoint weights = Checkpoint.open(file);
                Engine engine = Engines.create(name, weights, EngineOptions.DEFAULT);
                SegVolNetwork network = new SegVolNetwork(weights.config(), engine)) {
            check.run(new Run(manifest, engine, network));
        }
    }

    /** One engine with the weights of one group. */
    private record Run(Manifest manifest, Engine engine, SegVolNetwork network) {
        private ModelConfig config() {
            return network.config();
        }

        private TestTensors open(String file) throws IOException {
            return TestTensors.open(manifest.folder().resolve(file));
        }

        private void compare(String file, TestTensors golden, String key, float[] actual) throws IOException {
            double atol = manifest.expectations(file).get(key).atol();
            double worst = TensorAssert.assertClose(key, golden.floats(key), actual, golden.shape(key), atol);
            System.out.printf("%s %s: largest difference %.2g of %.2g%n", engine.name(), key, worst, atol);
        }

        void checkText() throws IOException {
            String file = "text.safetensors";
            try (TestTensors golden = open(file)) {
                List<float[]> rows = new ArrayList<>();
                for (JsonElement element : manifest.cases().getAsJsonArray()) {
                    if (element.getAsJsonObject().has("ids")) {
                        List<Integer> ids = new ArrayList<>();
                        element.getAsJsonObject().getAsJsonArray("ids").forEach(e -> ids.add(e.getAsInt()));
                        rows.add(network.encodeText(
                                ids.stream().mapToInt(Integer::intValue).toArray()));
                    }
                }
                float[] all = joined(rows);
                compare(file, golden, "text_embedding", all);
                compare(file, golden, "batch_embedding", all); // padding never changes a result
            }
        }

        void checkImage(String name, Optional<Path> ct) throws IOException {
            float[] image = name.equals("ct")
                    ? Preprocessor.prepare(Volumes.read(ct.orElseThrow()), config(), Variant.GITHUB)
                            .zoomOut(config().window())
                    : RandomStream.units(
                            "full:" + manifest.seed() + ":image",
                            config().window().count());
            float[] tokens = checkStages(name, image);
            checkMasks(name, network.remember(tokens));
        }

        private float[] checkStages(String name, float[] image) throws IOException {
            String file = "image.safetensors";
            Graph graph = new Graph(ParameterTable.of(config()));
            int n = config().grid().count(), c = config().hidden();
            new VisionTransformer(config())
                    .encode(graph, graph.input("patches", 1, n, config().patch().count()));
            try (TestTensors golden = open(file)) {
                List<String> labels = new ArrayList<>();
                for (String key : golden.tensors().keySet()) {
                    if (key.startsWith(name + ".") && !key.contains(".embedding_")) {
                        labels.add(key.substring(name.length() + 1));
                    }
                }
                Map<String, float[]> out;
                try (Network encoder = engine.compile(graph.build(labels.toArray(String[]::new)))) {
                    out = encoder.run(Map.of("patches", Patches.of(config(), image)));
                }
                for (String label : labels) {
                    List<float[]> rows = new ArrayList<>();
                    for (int t = 0; t < n; t += TOKEN_STEP) {
                        rows.add(Arrays.copyOfRange(out.get(label), t * c, (t + 1) * c));
                    }
                    compare(file, golden, name + "." + label, joined(rows));
                }
                float[] tokens = network.encodeImage(image);
                compareChannels(golden, name, tokens, n, c);
                return tokens;
            }
        }

        private void compareChannels(TestTensors golden, String name, float[] tokens, int n, int c) throws IOException {
            List<float[]> channels = new ArrayList<>();
            float[] mean = new float[c], rms = new float[c];
            for (int channel = 0; channel < c; channel++) {
                float[] values = new float[n];
                double sum = 0, squares = 0;
                for (int t = 0; t < n; t++) {
                    values[t] = tokens[t * c + channel];
                    sum += values[t];
                    squares += (double) values[t] * values[t];
                }
                mean[channel] = (float) (sum / n);
                rms[channel] = (float) Math.sqrt(squares / n);
                if (channel % CHANNEL_STEP == 0) {
                    channels.add(values);
                }
            }
            String file = "image.safetensors";
            compare(file, golden, name + ".embedding_channels", joined(channels));
            compare(file, golden, name + ".embedding_mean", mean);
            compare(file, golden, name + ".embedding_rms", rms);
        }

        private void checkMasks(String name, SegVolNetwork.DecoderMemory memory) throws IOException {
            String file = "masks.safetensors";
            try (TestTensors golden = open(file);
                    TestTensors texts = open("text.safetensors")) {
                float[] text = Arrays.copyOf(texts.floats("text_embedding"), config().hidden());
                for (JsonElement element : manifest.cases().getAsJsonArray()) {
                    JsonObject one = element.getAsJsonObject();
                    if (!one.has("prompt") || !one.get("image").getAsString().equals(name)) {
                        continue;
                    }
                    String prompt = one.get("prompt").getAsString();
                    boolean all = prompt.equals("all"), points = all || prompt.contains("point");
                    PromptTokens tokens = PromptTokens.of(
                            config().window(),
                            points ? golden.floats(name + ".points") : null,
                            points ? golden.floats(name + ".labels") : null,
                            all || prompt.contains("box") ? golden.floats(name + ".boxes") : null,
                            all || prompt.contains("text") ? text : null);
                    Map<String, float[]> out = network.decode(memory, List.of(tokens), Masks.ALL);
                    float[] low =
                            Arrays.copyOf(out.get("masks"), config().lowRes().count());
                    String key = name + "." + prompt + ".";
                    long[] shape = golden.shape(key + "low");
                    int step = shape[0] == config().lowRes().d() ? 1 : 2;
                    compare(file, golden, key + "low", sample(low, config().lowRes(), new int[3], step, step, step));
                    compare(file, golden, key + "quality", out.get("quality"));
                    float[] logits = network.enlarge(low, config().window());
                    compare(
                            file,
                            golden,
                            key + "logits",
                            sample(logits, config().window(), new int[] {5, 7, 3}, 8, 32, 32));
                    checkCount(
                            one,
                            logits,
                            manifest.expectations(file).get(key + "logits").atol());
                }
            }
        }

        /** The number of positive voxels, give or take those whose logit lies within the tolerance of zero. */
        private static void checkCount(JsonObject one, float[] logits, double atol) {
            int positive = 0, near = 0;
            for (float logit : logits) {
                positive += Decision.PUBLISHED.positive(logit) ? 1 : 0;
                near += Math.abs(logit) <= atol ? 1 : 0;
            }
            assertThat(Math.abs(positive - one.get("positive_voxels").getAsInt()))
                    .as("positive voxels " + positive)
                    .isLessThanOrEqualTo(near);
        }
    }

    private static float[] joined(List<float[]> rows) {
        float[] out = new float[rows.size() * rows.get(0).length];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, out, i * rows.get(0).length, rows.get(0).length);
        }
        return out;
    }

    private static float[] sample(float[] volume, Extent size, int[] from, int sd, int sh, int sw) {
        float[] out = new float[volume.length];
        int at = 0;
        for (int d = from[0]; d < size.d(); d += sd) {
            for (int h = from[1]; h < size.h(); h += sh) {
                for (int w = from[2]; w < size.w(); w += sw) {
                    out[at++] = volume[(d * size.h() + h) * size.w() + w];
                }
            }
        }
        return Arrays.copyOf(out, at);
    }
}
