package org.segvol.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.segvol.layers.LinearResize;
import org.segvol.preprocess.NearestIndex;
import org.segvol.pseudo.AreaResize;
import org.segvol.pseudo.Cleansing;
import org.segvol.pseudo.RegionLabels;
import org.segvol.pseudo.Regions;
import org.segvol.testing.Manifest;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestTensors;
import org.segvol.weights.Extent;

/** What golden group {@code train} says about images: pseudo masks, cleansing, resizing. */
final class ImageGoldens {
    private static final String PSEUDO = "pseudo.safetensors";
    private static final String RESIZE = "resize.safetensors";

    private ImageGoldens() {}

    static List<DynamicTest> tests(Manifest manifest) {
        return List.of(
                DynamicTest.dynamicTest("pseudo masks", () -> pseudoMasks(manifest)),
                DynamicTest.dynamicTest("cleansing", () -> cleansing(manifest)),
                DynamicTest.dynamicTest("resizing", () -> resizing(manifest)));
    }

    private static void pseudoMasks(Manifest manifest) throws IOException {
        int checked = 0;
        try (TestTensors tensors = TestTensors.open(manifest.folder().resolve(PSEUDO))) {
            for (JsonElement element : manifest.cases().getAsJsonArray()) {
                JsonObject golden = element.getAsJsonObject();
                if (golden.has("pseudo")) {
                    pseudoMask(golden, tensors);
                    checked++;
                }
            }
        }
        assertThat(checked).isPositive();
    }

    private static void pseudoMask(JsonObject golden, TestTensors tensors) throws IOException {
        String n = golden.get("pseudo").getAsString();
        Extent size = extent(tensors.shape("image" + n));
        Regions rule = new Regions(0.8, golden.get("min_size").getAsInt(), 0.25);
        int[] regions = rule.of(tensors.floats("image" + n), size);
        assertThat(regions).as("regions" + n).isEqualTo(tensors.ints("regions" + n));
        assertThat(Arrays.stream(regions).max().orElseThrow() + 1)
                .isEqualTo(golden.get("regions").getAsInt());
        float[] labels = tensors.floats("labels" + n);
        RegionLabels.overwrite(
                regions,
                IntStream.range(0, labels.length / size.count())
                        .mapToObj(c -> Arrays.copyOfRange(labels, c * size.count(), (c + 1) * size.count()))
                        .toList());
        assertThat(regions).as("combined" + n).isEqualTo(tensors.ints("combined" + n));
    }

    private static void cleansing(Manifest manifest) throws IOException {
        try (TestTensors tensors = TestTensors.open(manifest.folder().resolve(PSEUDO))) {
            float[] in = tensors.floats("cleanse_in");
            float[] before = in.clone();
            long[] shape = tensors.shape("cleanse_in");
            float[] out = Cleansing.cleanse(in, extent(shape), Cleansing.PUBLISHED_SHARE);
            TensorAssert.assertSameBits("cleanse_out", tensors.floats("cleanse_out"), out, shape);
            assertThat(in).as("the input").isEqualTo(before);
        }
    }

    private static void resizing(Manifest manifest) throws IOException {
        int checked = 0;
        try (TestTensors tensors = TestTensors.open(manifest.folder().resolve(RESIZE))) {
            long[] inShape = tensors.shape("in");
            Extent from = new Extent((int) inShape[1], (int) inShape[2], (int) inShape[3]);
            float[] in = tensors.floats("in");
            for (var entry : manifest.expectations(RESIZE).entrySet()) {
                String name = entry.getKey();
                if (name.equals("in")) {
                    continue;
                }
                long[] shape = tensors.shape(name);
                Extent to = new Extent((int) shape[1], (int) shape[2], (int) shape[3]);
                float[] actual = new float[(int) shape[0] * to.count()];
                for (int c = 0; c < shape[0]; c++) {
                    float[] channel = Arrays.copyOfRange(in, c * from.count(), (c + 1) * from.count());
                    System.arraycopy(resized(name, channel, from, to), 0, actual, c * to.count(), to.count());
                }
                double atol = name.startsWith("exact") || name.startsWith("legacy")
                        ? 0 // an index decides, nothing is computed
                        : entry.getValue().atol();
                TensorAssert.assertClose(name, tensors.floats(name), actual, shape, atol);
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }

    private static float[] resized(String name, float[] in, Extent from, Extent to) {
        return switch (name.substring(0, name.indexOf('_'))) {
            case "area" -> AreaResize.resize(in, from, to);
            case "trilinear" -> LinearResize.trilinear(in, from, to);
            case "exact" -> picked(in, from, to, NearestIndex::exact);
            case "legacy" -> picked(in, from, to, NearestIndex::legacy);
            default -> throw new AssertionError("no way of resizing is called " + name);
        };
    }

    /** Which input position every output position takes. */
    private interface Rule {
        int[] index(int in, int out);
    }

    private static float[] picked(float[] in, Extent from, Extent to, Rule rule) {
        int[] d = rule.index(from.d(), to.d()), h = rule.index(from.h(), to.h()), w = rule.index(from.w(), to.w());
        float[] out = new float[to.count()];
        for (int i = 0; i < out.length; i++) {
            int row = i / to.w();
            out[i] = in[(d[row / to.h()] * from.h() + h[row % to.h()]) * from.w() + w[i % to.w()]];
        }
        return out;
    }

    private static Extent extent(long[] shape) {
        assertThat(shape).hasSize(3);
        return new Extent((int) shape[0], (int) shape[1], (int) shape[2]);
    }
}
