package org.segvol.layers;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestTensors;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;
import org.segvol.weights.TensorSource;

/** Checks every stage of a forward pass against golden groups {@code stages_*}, on any engine. */
public final class GoldenStages {
    private final Manifest manifest;
    private final ModelConfig config;
    private final Engine engine;
    private final Graph graph;

    private GoldenStages(Manifest manifest, Engine engine) {
        this.manifest = manifest;
        this.config = manifest.config();
        this.engine = engine;
        this.graph = new Graph(ParameterTable.of(config));
    }

    /** One test for each part of each group. */
    public static List<DynamicTest> tests(String engineName, Function<TensorSource, Engine> engines) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path group : GoldenFolders.announced("stages")) {
            Manifest manifest = Manifest.read(group);
            Map<String, Check> checks = new LinkedHashMap<>();
            checks.put("image encoder", GoldenStages::checkImage);
            checks.put("text encoder", GoldenStages::checkText);
            checks.put("long text", GoldenStages::checkLongText);
            checks.put("grid positions", GoldenStages::checkPositions);
            for (JsonElement element : manifest.cases().getAsJsonArray()) {
                JsonObject one = element.getAsJsonObject();
                checks.put("decoder " + one.get("prefix").getAsString(), s -> s.checkCase(one));
            }
            checks.put("one image, several prompts", GoldenStages::checkRepeated);
            checks.put("multi-mask output", GoldenStages::checkMultiMask);
            checks.put("odd output size", GoldenStages::checkOddSize);
            checks.forEach((name, check) ->
                    tests.add(DynamicTest.dynamicTest(engineName + " " + group.getFileName() + " " + name, () -> {
                        try (Engine engine = engines.apply(manifest.weights())) {
                            check.run(new GoldenStages(manifest, engine));
                        }
                    })));
        }
        return tests;
    }

    private interface Check {
        void run(GoldenStages stages) throws IOException;
    }

    private TestTensors open(String file) throws IOException {
        return TestTensors.open(manifest.folder().resolve(file));
    }

    private void compare(String file, TestTensors golden, String key, float[] actual) throws IOException {
        double atol = manifest.expectations(file).get(key).atol();
        TensorAssert.assertClose(file + " " + key, golden.floats(key), actual, golden.shape(key), atol);
    }

    private Map<String, float[]> run(Map<String, float[]> inputs, String... outputs) {
        try (Network network = engine.compile(graph.build(outputs))) {
            return network.run(inputs);
        }
    }

    private float[] patches(float[] images) {
        int voxels = config.window().count();
        float[] out = new float[images.length];
        for (int at = 0; at < images.length; at += voxels) {
            float[] one = Patches.of(config, Arrays.copyOfRange(images, at, at + voxels));
            System.arraycopy(one, 0, out, at, voxels);
        }
        return out;
    }

    /** (B,N,C) to (B,C,N). */
    private static float[] channelsFirst(float[] tokens, int n, int c) {
        float[] out = new float[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            int b = i / (n * c), t = i / c % n, channel = i % c;
            out[(b * c + channel) * n + t] = tokens[i];
        }
        return out;
    }

    private void checkImage() throws IOException {
        String file = "image.safetensors";
        try (TestTensors golden = open(file)) {
            float[] patches = patches(golden.floats("image"));
            compare(file, golden, "patches", patches);
            int batch = (int) golden.shape("image")[0];
            new VisionTransformer(config)
                    .encode(
                            graph,
                            graph.input(
                                    "patches",
                                    batch,
                                    config.grid().count(),
                                    config.patch().count()));
            List<String> labels = new ArrayList<>(List.of("embedded", "tokens"));
            for (int i = 0; i < config.layers(); i++) {
                labels.add("block" + i);
            }
            Map<String, float[]> out = run(Map.of("patches", patches), labels.toArray(String[]::new));
            for (String label : labels) {
                compare(file, golden, label, out.get(label));
            }
            compare(
                    file,
                    golden,
                    "image_embedding",
                    channelsFirst(out.get("tokens"), config.grid().count(), config.hidden()));
        }
    }

    private static float[] floats(long[] values) {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }

    private void checkText() throws IOException {
        String file = "text.safetensors";
        try (TestTensors golden = open(file)) {
            int batch = (int) golden.shape("ids")[0], length = (int) golden.shape("ids")[1];
            long[] flat = golden.longs("ids"), mask = golden.longs("mask");
            int[][] ids = new int[batch][length];
            int[] lengths = new int[batch];
            for (int i = 0; i < flat.length; i++) {
                ids[i / length][i % length] = (int) flat[i];
                lengths[i / length] += (int) mask[i];
            }
            TextEncoder encoder = new TextEncoder(config);
            encoder.encode(
                    graph,
                    graph.input("ids", batch, length),
                    graph.input("bias", batch, length, length),
                    graph.input("end", batch, 1, length));
            Map<String, float[]> inputs = Map.of(
                    "ids", floats(flat),
                    "bias", TextEncoder.attentionBias(lengths, length),
                    "end", encoder.endOfText(ids));
            Map<String, float[]> out = run(inputs, "clip_last_hidden", "clip_pooled", "text_embedding");
            for (String label : out.keySet()) {
                compare(file, golden, label, out.get(label));
            }
        }
    }

    private void checkLongText() throws IOException {
        String file = "text.safetensors";
        try (TestTensors golden = open(file);
                SegVolNetwork network = new SegVolNetwork(config, engine)) {
            String key = golden.tensors().keySet().stream()
                    .filter(k -> k.startsWith("ids_"))
                    .findFirst()
                    .orElseThrow();
            int[] ids =
                    Arrays.stream(golden.longs(key)).mapToInt(Math::toIntExact).toArray();
            compare(file, golden, key.replace("ids_", "text_embedding_"), network.encodeText(ids));
            long[] rows = golden.longs("ids");
            int length = (int) golden.shape("ids")[1];
            float[] all = new float[0];
            for (int at = 0; at < rows.length; at += length) { // one string at a time equals the batch
                int[] row = Arrays.stream(Arrays.copyOfRange(rows, at, at + length))
                        .mapToInt(Math::toIntExact)
                        .toArray();
                float[] one = network.encodeText(row);
                all = Arrays.copyOf(all, all.length + one.length);
                System.arraycopy(one, 0, all, all.length - one.length, one.length);
            }
            compare(file, golden, "text_embedding", all);
        }
    }

    private void checkPositions() throws IOException {
        String file = "decoder.safetensors";
        try (TestTensors golden = open(file)) {
            new PromptEncoder(config).gridPositions(graph);
            float[] positions = run(Map.of(), "grid_positions").get("grid_positions");
            compare(
                    file,
                    golden,
                    "dense_pe",
                    channelsFirst(positions, config.grid().count(), config.hidden()));
        }
    }

    /** Inputs and sparse tokens of a batch of prompts. */
    private Tensor prompts(TestTensors golden, boolean text, boolean points, String boxes, Map<String, float[]> inputs)
            throws IOException {
        int batch = (int) golden.shape("points")[0], count = (int) golden.shape("points")[1];
        float[] clicks = golden.floats("points"), labels = golden.floats("labels");
        float[] limits = boxes == null ? null : golden.floats(boxes);
        float[] embeddings = null;
        if (text) {
            try (TestTensors texts = open("text.safetensors")) {
                embeddings = texts.floats("text_embedding");
            }
        }
        List<PromptTokens> tokens = new ArrayList<>();
        int c = config.hidden();
        for (int b = 0; b < batch; b++) {
            tokens.add(PromptTokens.of(
                    config.window(),
                    points ? Arrays.copyOfRange(clicks, b * count * 3, (b + 1) * count * 3) : null,
                    points ? Arrays.copyOfRange(labels, b * count, (b + 1) * count) : null,
                    limits == null ? null : Arrays.copyOfRange(limits, b * 6, (b + 1) * 6),
                    text ? Arrays.copyOfRange(embeddings, b * c, (b + 1) * c) : null));
        }
        MaskDecoder.Prompts form = tokens.get(0).form(batch);
        int kinds = PromptEncoder.Kind.values().length, p = form.points();
        Tensor coordinates = null, oneHot = null, textInput = null;
        if (p > 0) {
            float[] units = new float[batch * p * 3], hot = new float[batch * p * kinds];
            for (int b = 0; b < batch; b++) {
                tokens.get(b).writeCoordinates(units, b * p * 3);
                tokens.get(b).writeKinds(hot, b * p * kinds);
            }
            inputs.put("coordinates", units);
            inputs.put("kinds", hot);
            coordinates = graph.input("coordinates", batch, p, 3);
            oneHot = graph.input("kinds", batch, p, kinds);
        }
        if (text) {
            inputs.put("text", embeddings);
            textInput = graph.input("text", batch, 1, c);
        }
        new PromptEncoder(config).sparse(graph, coordinates, oneHot, textInput);
        return textInput;
    }

    /** Runs the decoder on the golden embedding of the first {@code images} images. */
    private Map<String, float[]> decode(
            TestTensors golden, int images, Case one, MaskDecoder.Masks masks, Extent size, List<String> labels)
            throws IOException {
        Map<String, float[]> inputs = new HashMap<>();
        int n = config.grid().count(), c = config.hidden();
        try (TestTensors image = open("image.safetensors")) {
            inputs.put("embedding", Arrays.copyOf(image.floats("tokens"), images * n * c));
        }
        Tensor embedding = graph.input("embedding", images, n, c);
        Tensor positions = new PromptEncoder(config).gridPositions(graph);
        MaskDecoder decoder = new MaskDecoder(config);
        MaskDecoder.ImageMemory memory = decoder.remember(graph, embedding, positions);
        Tensor text = prompts(golden, one.text, one.points, one.boxes, inputs);
        Tensor sparse = graph.labelled("sparse");
        graph.label("logits", graph.trilinear(decoder.decode(graph, memory, sparse, text, masks), size));
        return run(inputs, labels.toArray(String[]::new));
    }

    private record Case(boolean text, boolean points, String boxes) {}

    private void checkCase(JsonObject one) throws IOException {
        String file = "decoder.safetensors", prefix = one.get("prefix").getAsString();
        try (TestTensors golden = open(file)) {
            Case prompts = new Case(
                    one.get("text").getAsBoolean(),
                    one.get("points").getAsBoolean(),
                    one.get("boxes").isJsonNull() ? null : one.get("boxes").getAsString());
            List<String> labels = new ArrayList<>();
            for (String key : golden.tensors().keySet()) {
                if (key.startsWith(prefix)) {
                    labels.add(key.substring(prefix.length()));
                }
            }
            int images = (int) golden.shape("points")[0];
            Map<String, float[]> out = decode(golden, images, prompts, MaskDecoder.Masks.ALL, config.window(), labels);
            for (String label : labels) {
                float[] actual = out.get(label);
                if (label.equals("upscaled")) {
                    actual = upscaledRaster(actual, images);
                } else if (label.equals("logits")) {
                    actual = firstMask(actual, images);
                }
                compare(file, golden, prefix + label, actual);
            }
        }
    }

    /** (B,64N,C/8) in block order to (B,C/8,4d,4h,4w). */
    private float[] upscaledRaster(float[] blocks, int batch) {
        int[] raster = new BlockOrder(config.grid(), 2).toRaster();
        int channels = config.hidden() / 8;
        float[] out = new float[blocks.length];
        for (int b = 0; b < batch; b++) {
            for (int v = 0; v < raster.length; v++) {
                for (int c = 0; c < channels; c++) {
                    out[(b * channels + c) * raster.length + raster[v]] =
                            blocks[(b * raster.length + v) * channels + c];
                }
            }
        }
        return out;
    }

    private float[] firstMask(float[] masks, int batch) {
        int one = masks.length / batch / config.maskTokens();
        float[] out = new float[batch * one];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(masks, b * config.maskTokens() * one, out, b * one, one);
        }
        return out;
    }

    private void checkRepeated() throws IOException {
        try (TestTensors golden = open("decoder.safetensors")) {
            Case all = new Case(true, true, "boxes");
            float[] logits = decode(golden, 1, all, MaskDecoder.Masks.SINGLE, config.window(), List.of("logits"))
                    .get("logits");
            compare("decoder.safetensors", golden, "one_image.logits", logits);
        }
    }

    private void checkMultiMask() throws IOException {
        String file = "decoder.safetensors";
        try (TestTensors golden = open(file)) {
            int batch = (int) golden.shape("points")[0], masks = config.maskTokens();
            Map<String, float[]> out = decode(
                    golden,
                    batch,
                    new Case(true, true, null),
                    MaskDecoder.Masks.ALL,
                    config.window(),
                    List.of("logits", "quality"));
            compare(file, golden, "multimask.logits", withoutFirst(out.get("logits"), batch, masks));
            compare(file, golden, "multimask.quality", withoutFirst(out.get("quality"), batch, masks));
        }
    }

    /** (B,M,...) to (B,M-1,...). */
    private static float[] withoutFirst(float[] values, int batch, int masks) {
        int one = values.length / batch / masks;
        float[] out = new float[batch * (masks - 1) * one];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(values, (b * masks + 1) * one, out, b * (masks - 1) * one, (masks - 1) * one);
        }
        return out;
    }

    private void checkOddSize() throws IOException {
        String file = "decoder.safetensors";
        try (TestTensors golden = open(file)) {
            long[] shape = golden.shape("odd.logits");
            Extent size = new Extent((int) shape[2], (int) shape[3], (int) shape[4]);
            int images = (int) golden.shape("points")[0];
            float[] logits = decode(
                            golden,
                            images,
                            new Case(false, false, "boxes"),
                            MaskDecoder.Masks.SINGLE,
                            size,
                            List.of("logits", "masks"))
                    .get("logits");
            compare(file, golden, "odd.logits", logits);
        }
    }
}
