package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.infer.NetworkPrompt;
import org.segvol.io.Volumes;
import org.segvol.preprocess.NetworkGeometry;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.preprocess.PreprocessGoldens;
import org.segvol.preprocess.Preprocessor;
import org.segvol.preprocess.Variant;
import org.segvol.prompt.NetworkBox;
import org.segvol.prompt.OutsideCrop;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.prompt.ZoomMapping;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestTensors;
import org.segvol.weights.Extent;

/** Preprocessing of real CT and prompts derived from labels. */
class GoldenCtTest {
    private static final int CHOOSER_SEED = 7;

    @TestFactory
    List<DynamicTest> ct() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path group : GoldenFolders.announced("ct")) {
            Manifest manifest = Manifest.read(group);
            for (JsonElement element : manifest.cases().getAsJsonArray()) {
                JsonObject one = element.getAsJsonObject();
                Optional<Path> file = GoldenFolders.data(one.get("file").getAsString());
                if (file.isEmpty()) {
                    System.out.println("golden group ct: " + one.get("key").getAsString() + " not run, "
                            + one.get("file").getAsString() + " is not there");
                    continue;
                }
                tests.add(
                        DynamicTest.dynamicTest(one.get("key").getAsString(), () -> check(manifest, one, file.get())));
            }
        }
        return tests;
    }

    private static void check(Manifest manifest, JsonObject one, Path file) throws IOException {
        Volume volume = Volumes.read(file);
        Variant variant = Variant.of(one.get("variant").getAsString());
        NetworkVolume prepared = Preprocessor.prepare(volume, manifest.config(), variant);
        PreprocessGoldens.check(one, prepared);
        float[] image = PreprocessGoldens.image(prepared);
        float[] zoom = prepared.zoomOut(manifest.config().window());
        assertThat(prepared.extent().toList()).isEqualTo(PreprocessGoldens.integers(one.getAsJsonArray("shape")));
        int zeros = 0, ones = 0;
        for (float v : image) {
            zeros += v == 0 ? 1 : 0;
            ones += v == 1 ? 1 : 0;
        }
        assertThat(zeros).as("zeros").isEqualTo(one.get("zeros").getAsInt());
        assertThat(ones).as("ones").isEqualTo(one.get("ones").getAsInt());
        assertThat(mean(image)).isCloseTo(one.get("mean").getAsDouble(), within(1e-6));
        assertThat(mean(zoom)).isCloseTo(one.get("zoom_mean").getAsDouble(), within(1e-6));
        String key = one.get("key").getAsString(), samples = "samples.safetensors";
        try (TestTensors golden = TestTensors.open(manifest.folder().resolve(samples))) {
            compare(
                    manifest,
                    golden,
                    key + ".image",
                    every(image, one.get("step").getAsInt()));
            compare(manifest, golden, key + ".zoom", every(zoom, 509)); // the group's fixed step for views
        }
        JsonArray labels = one.getAsJsonArray("labels");
        Optional<Volume> label = labels.isEmpty() ? Optional.empty() : GoldenLabels.of(file, volume);
        assertThat(labels.isEmpty() || label.isPresent())
                .as("labels beside " + file)
                .isTrue();
        for (JsonElement element : labels) {
            checkLabel(
                    element.getAsJsonObject(),
                    label.orElseThrow(),
                    prepared,
                    manifest.config().window(),
                    variant);
        }
    }

    private static void compare(Manifest manifest, TestTensors golden, String key, float[] actual) throws IOException {
        double atol = manifest.expectations("samples.safetensors").get(key).atol();
        TensorAssert.assertClose(key, golden.floats(key), actual, golden.shape(key), atol);
    }

    private static void checkLabel(
            JsonObject golden, Volume labels, NetworkVolume prepared, Extent window, Variant variant) {
        Mask mask = Mask.ofLabel(labels, golden.get("id").getAsInt());
        checkCounts(golden, mask, prepared, window);
        Variant plain = new Variant(
                "plain boxes",
                false,
                false,
                variant.exactZoom(),
                false,
                false,
                false,
                false,
                true,
                variant.extraPositive(),
                variant.extraNegative(),
                false);
        LabelPrompt all = new LabelPrompt(mask, null, true, true);
        NetworkPrompt prompt =
                new PromptResolver(prepared, window, plain, null).resolve(all, new SplitMixChooser(CHOOSER_SEED));
        assertThat(prompt.volumeBox()).as("full box").isEqualTo(box(golden, "full_box"));
        assertThat(prompt.viewBox()).as("zoom box").isEqualTo(box(golden, "zoom_box"));
        assertThat(new ZoomMapping(prepared, window, OutsideCrop.REFUSE).toView(prompt.volumeBox()))
                .as("full box mapped to the view")
                .isEqualTo(box(golden, "full_box_mapped_to_zoom"));
        Variant middle = new Variant(
                "middle boxes", false, false, variant.exactZoom(), true, false, false, false, true, 0, 0, false);
        NetworkPrompt middlePrompt = new PromptResolver(prepared, window, middle, null)
                .resolve(new LabelPrompt(mask, null, true, false), new SplitMixChooser(CHOOSER_SEED));
        assertThat(middlePrompt.viewBox()).as("middle box").isEqualTo(box(golden, "middle_box"));
        assertThat(prompt.viewClicks().labels()).isEqualTo(floats(golden.getAsJsonArray("labels")));
        assertThat(prompt.viewClicks().coordinates()).isEqualTo(flat(golden.getAsJsonArray("points")));
    }

    /** How much of a label is left in network space and in the zoom-out view. */
    private static void checkCounts(JsonObject golden, Mask mask, NetworkVolume prepared, Extent window) {
        Extent extent = prepared.extent();
        int[][] all = new int[3][], view = new int[3][];
        for (int axis = 0; axis < 3; axis++) {
            all[axis] = IntStream.range(0, extent.side(axis)).toArray();
            view[axis] = prepared.zoomIndex(axis, window);
        }
        assertThat(count(mask, prepared.geometry(), all))
                .as("voxels")
                .isEqualTo(golden.get("voxels").getAsInt());
        assertThat(count(mask, prepared.geometry(), view))
                .as("zoom voxels")
                .isEqualTo(golden.get("zoom_voxels").getAsInt());
    }

    private static int count(Mask mask, NetworkGeometry geometry, int[][] indices) {
        int count = 0;
        for (int d : indices[0]) {
            for (int h : indices[1]) {
                for (int w : indices[2]) {
                    count += mask.get(geometry.storedIndex(d, h, w)) ? 1 : 0;
                }
            }
        }
        return count;
    }

    static NetworkBox box(JsonObject golden, String key) {
        List<Integer> v = new ArrayList<>();
        golden.getAsJsonArray(key).forEach(e -> v.add((int) e.getAsDouble()));
        return new NetworkBox(v.get(0), v.get(1), v.get(2), v.get(3), v.get(4), v.get(5));
    }

    static float[] floats(JsonArray array) {
        float[] out = new float[array.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = array.get(i).getAsFloat();
        }
        return out;
    }

    static float[] flat(JsonArray rows) {
        float[] out = new float[3 * rows.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = rows.get(i / 3).getAsJsonArray().get(i % 3).getAsFloat();
        }
        return out;
    }

    static float[] every(float[] values, int step) {
        float[] out = new float[(values.length + step - 1) / step];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i * step];
        }
        return out;
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float v : values) {
            sum += v;
        }
        return sum / values.length;
    }
}
