package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VoxelBox;
import org.segvol.infer.NetworkPrompt;
import org.segvol.infer.NetworkRegion;
import org.segvol.infer.WindowPrompt;
import org.segvol.infer.ZoomInference.WindowRecord;
import org.segvol.io.Volumes;
import org.segvol.layers.PromptTokens;
import org.segvol.layers.SegVolNetwork;
import org.segvol.preprocess.Variant;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestTensors;
import org.segvol.weights.Extent;

/**
 * Whole zoom-out-zoom-in runs on real CT: regions, windows with their prompts, logits, and masks in the stored grid. All cases of a volume and
 * variant go through one session, the last case first, so that embeddings kept from one prompt must serve the next.
 */
class GoldenEndToEndTest {
    private static final Map<String, SegVol> MODELS = new HashMap<>();
    private static final Map<String, Session> SESSIONS = new HashMap<>();

    @AfterAll
    static void close() {
        SESSIONS.values().forEach(Session::close);
        MODELS.values().forEach(SegVol::close);
    }

    private static SegVol model(Manifest manifest, String engine) throws IOException {
        String key = manifest.folder() + " " + engine;
        if (!MODELS.containsKey(key)) {
            MODELS.put(
                    key,
                    SegVol.load(
                            SyntheticWeights.fullSizeFile(manifest.config(), manifest.seed()),
                            ModelOptions.DEFAULT.withEngine(engine)));
        }
        return MODELS.get(key);
    }

    private static Session session(Manifest manifest, String engine, Volume volume, String file, Options options)
            throws IOException {
        String key = manifest.folder() + " " + engine + " " + file + " " + options;
        SegVol model = model(manifest, engine);
        return SESSIONS.computeIfAbsent(key, k -> model.open(volume, options));
    }

    /** The seed of the clicks in these groups. */
    private static final long CHOOSER_SEED = 11;

    private static final Set<String> REFINED = new TreeSet<>();

    private static final String LOGITS = "logits.safetensors";

    @TestFactory
    List<DynamicTest> endToEnd() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path group : GoldenFolders.announced("e2e")) {
            for (Engines.Candidate engine : Engines.candidates()) {
                if (engine.whyNot() != null) {
                    System.out.println("golden group e2e: engine " + engine.name() + " not run: " + engine.whyNot());
                } else {
                    tests.addAll(tests(Manifest.read(group), engine.name()));
                }
            }
        }
        return tests;
    }

    private static List<DynamicTest> tests(Manifest manifest, String engine) {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonElement element : manifest.cases().getAsJsonArray()) {
            JsonObject one = element.getAsJsonObject();
            String key = engine + " " + manifest.folder().getFileName() + " "
                    + one.get("key").getAsString();
            Optional<Path> file = GoldenFolders.data(one.get("file").getAsString());
            if (file.isEmpty()) {
                System.out.println(
                        "golden group " + key + " not run, " + one.get("file").getAsString() + " is not there");
            } else {
                tests.add(0, DynamicTest.dynamicTest(key, () -> check(manifest, one, file.get(), engine)));
            }
        }
        return tests;
    }

    /** The prompt of a case on the volume that was read from a file. */
    static LabelPrompt prompt(JsonObject one, Path file, Volume volume) throws IOException {
        Volume labels = GoldenLabels.of(file, volume)
                .orElseThrow(() -> new AssertionError("no labels with the grid of " + file + " lie beside it"));
        List<String> mode = new ArrayList<>();
        one.getAsJsonArray("mode").forEach(e -> mode.add(e.getAsString()));
        return new LabelPrompt(
                Mask.ofLabel(labels, one.get("label").getAsInt()),
                mode.contains("text") ? one.get("organ").getAsString() : null,
                mode.contains("box"),
                mode.contains("point"));
    }

    /** How a case is segmented. */
    static Options options(JsonObject one) {
        return Options.DEFAULT
                .withVariant(Variant.of(one.get("variant").getAsString()))
                .withSeed(CHOOSER_SEED);
    }

    private static void check(Manifest manifest, JsonObject one, Path file, String engine) throws IOException {
        Volume volume = Volumes.read(file);
        LabelPrompt prompt = prompt(one, file, volume);
        Options options = options(one);
        SegVol model = model(manifest, engine);
        String name = one.get("file").getAsString();
        Session session = session(manifest, engine, volume, name, options);
        Session coarse = session(manifest, engine, volume, name, options.withMode(Mode.RESIZE));
        try (TestTensors golden = TestTensors.open(manifest.folder().resolve(LOGITS))) {
            checkPrompt(manifest, one, model, session, prompt, golden);
            Extent extent = session.networkVolume().extent();
            assertThat(extent.toList()).as("network shape").isEqualTo(integers(one.getAsJsonArray("network_shape")));
            float[] logits = new float[extent.count()];
            int plane = extent.h() * extent.w();
            Segmentation found =
                    session.segment(prompt, (d, values) -> System.arraycopy(values, 0, logits, d * plane, plane));
            boolean robust = one.get("robust").getAsBoolean();
            checkTrace(one, found, extent, robust);
            String key = one.get("key").getAsString() + ".final";
            if (robust) {
                compare(
                        manifest,
                        golden,
                        key,
                        GoldenCtTest.every(logits, one.get("step").getAsInt()));
            }
            JsonObject masks = one.getAsJsonObject("masks");
            checkMask(manifest, masks.getAsJsonObject("final"), found.mask(), robust);
            checkMask(
                    manifest,
                    masks.getAsJsonObject("zoom_out"),
                    coarse.segment(prompt).mask(),
                    true);
            checkAfterUndo(manifest, one, session, prompt, masks.getAsJsonObject("final"));
        }
    }

    /**
     * The same prompt reached by a user's steps, one of them taken back, gives the golden mask too. Cases by clicks are left out: their clicks
     * are drawn from the label; and boxes that the label's extent does not give (spec 2.4).
     */
    private static void checkAfterUndo(
            Manifest manifest, JsonObject one, Session session, LabelPrompt prompt, JsonObject golden)
            throws IOException {
        if (prompt.clicks()) {
            return;
        }
        VoxelBox bounds = prompt.label().bounds();
        if (prompt.box()) {
            NetworkPrompt mapped = new PromptResolver(
                            session.networkVolume(),
                            manifest.config().window(),
                            session.options().variant(),
                            name -> new float[manifest.config().hidden()])
                    .resolve(Prompt.NONE.box(bounds));
            if (!Arrays.equals(mapped.viewBox().toArray(), GoldenCtTest.floats(one.getAsJsonArray("box")))) {
                return;
            }
        }
        boolean segfm = session.options().variant().regionWithBox(); // cannot start without a box
        Prompt start = segfm || prompt.text() == null ? Prompt.NONE.box(bounds) : Prompt.text(prompt.text());
        Refinement steps = session.refine(start);
        if (prompt.text() != null && segfm) {
            steps.text(prompt.text());
        } else if (prompt.text() != null && prompt.box()) {
            steps.box(bounds);
        }
        steps.text("another structure");
        Segmentation found = steps.undo();
        checkMask(manifest, golden, found.mask(), one.get("robust").getAsBoolean());
        REFINED.add(one.get("key").getAsString());
    }

    @AfterAll
    static void casesWereReachedByRefinement() {
        if (!SESSIONS.isEmpty()) {
            System.out.println("reached by refinement and undo: " + REFINED);
            assertThat(REFINED).isNotEmpty();
        }
    }

    private static void compare(Manifest manifest, TestTensors golden, String key, float[] actual) throws IOException {
        double atol = manifest.expectations(LOGITS).get(key).atol();
        TensorAssert.assertClose(key, golden.floats(key), actual, golden.shape(key), atol);
    }

    /** The prompt in the zoom-out view, and the low-resolution mask that it gives. */
    private static void checkPrompt(
            Manifest manifest, JsonObject one, SegVol model, Session session, LabelPrompt prompt, TestTensors golden)
            throws IOException {
        Extent window = manifest.config().window();
        NetworkPrompt resolved = new PromptResolver(
                        session.networkVolume(), window, session.options().variant(), model::encodeText)
                .resolve(prompt, new SplitMixChooser(CHOOSER_SEED));
        float[] points = null, labels = null, box = null;
        if (resolved.viewClicks() != null) {
            points = resolved.viewClicks().coordinates();
            labels = resolved.viewClicks().labels();
            assertThat(points).as("points").isEqualTo(GoldenCtTest.flat(one.getAsJsonArray("points")));
            assertThat(labels).as("labels").isEqualTo(GoldenCtTest.floats(one.getAsJsonArray("labels")));
        }
        if (resolved.viewBox() != null) {
            box = resolved.viewBox().toArray();
            assertThat(box).as("box").isEqualTo(GoldenCtTest.floats(one.getAsJsonArray("box")));
        }
        SegVolNetwork network = model.network();
        float[] tokens = network.encodeImage(session.networkVolume().zoomOut(window));
        float[] low =
                network.decode(network.remember(tokens), PromptTokens.of(window, points, labels, box, resolved.text()));
        Extent size = manifest.config().lowRes();
        float[] actual = new float[golden.floats(one.get("key").getAsString() + ".low").length];
        int at = 0;
        for (int d = 0; d < size.d(); d += 2) {
            for (int h = 0; h < size.h(); h += 2) {
                for (int w = 0; w < size.w(); w += 2) {
                    actual[at++] = low[(d * size.h() + h) * size.w() + w];
                }
            }
        }
        compare(manifest, golden, one.get("key").getAsString() + ".low", actual);
    }

    private static void checkTrace(JsonObject one, Segmentation found, Extent extent, boolean robust) {
        NetworkRegion region = found.trace().region();
        if (one.get("roi").isJsonNull()) {
            assertThat(region).as("region").isNull();
            assertThat(found.trace().windows()).isEmpty();
            return;
        }
        if (!robust) {
            return; // a rounding error may move the region and the windows' boxes
        }
        List<Integer> first = integers(one.getAsJsonArray("roi").get(0).getAsJsonArray());
        List<Integer> last = integers(one.getAsJsonArray("roi").get(1).getAsJsonArray());
        for (int axis = 0; axis < 3; axis++) {
            assertThat(region.start(axis)).as("region start").isEqualTo(first.get(axis));
            assertThat(region.end(axis)).as("region end").isEqualTo(Math.min(last.get(axis) + 1, extent.side(axis)));
        }
        JsonArray windows = one.getAsJsonArray("windows");
        assertThat(found.trace().windows()).hasSize(windows.size());
        for (int i = 0; i < windows.size(); i++) {
            checkWindow(
                    windows.get(i).getAsJsonObject(), found.trace().windows().get(i), i);
        }
    }

    private static void checkWindow(JsonObject golden, WindowRecord actual, int i) {
        WindowPrompt prompt = actual.prompt();
        assertThat(actual.origin())
                .as("window " + i)
                .containsExactly(integers(golden.getAsJsonArray("start")).stream()
                        .mapToInt(Integer::intValue)
                        .toArray());
        if (golden.get("box").isJsonNull()) {
            assertThat(prompt.box()).as("box of window " + i).isNull();
        } else {
            assertThat(prompt.box()).as("box of window " + i).isEqualTo(GoldenCtTest.box(golden, "box"));
        }
        if (golden.get("points").isJsonNull()) {
            assertThat(prompt.clicks()).as("clicks of window " + i).isNull();
        } else {
            assertThat(prompt.clicks().coordinates())
                    .as("clicks of window " + i)
                    .isEqualTo(GoldenCtTest.flat(golden.getAsJsonArray("points")));
            assertThat(prompt.clicks().labels()).isEqualTo(GoldenCtTest.floats(golden.getAsJsonArray("labels")));
        }
    }

    private static void checkMask(Manifest manifest, JsonObject golden, Mask actual, boolean robust)
            throws IOException {
        Mask expected = Mask.ofLabel(
                Volumes.read(manifest.folder().resolve(golden.get("file").getAsString())), 1);
        assertThat(actual.size()).isEqualTo(expected.size());
        int different = 0;
        for (int i = 0; i < actual.size().count(); i++) {
            different += actual.get(i) == expected.get(i) ? 0 : 1;
        }
        System.out.println(golden.get("file").getAsString() + ": " + different + " of " + expected.count()
                + " voxels differ, " + golden.get("max_mismatch").getAsInt() + " may"
                + (robust ? "" : " (region depends on rounding: not asserted)"));
        if (robust) {
            assertThat(different)
                    .as("voxels that differ")
                    .isLessThanOrEqualTo(golden.get("max_mismatch").getAsInt());
        }
    }

    private static List<Integer> integers(JsonArray array) {
        List<Integer> out = new ArrayList<>();
        array.forEach(e -> out.add(e.getAsInt()));
        return out;
    }
}
