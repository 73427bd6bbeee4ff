package org.segvol.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelPoint;
import org.segvol.io.Volumes;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestTensors;
import org.segvol.weights.Extent;

/** Preprocessing and its inverse on awkward NIfTI files. */
class GoldenNiftiPreprocessTest {
    @TestFactory
    List<DynamicTest> nifti() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path group : GoldenFolders.announced("nifti")) {
            Manifest manifest = Manifest.read(group);
            for (JsonElement element : manifest.cases().getAsJsonArray()) {
                JsonObject one = element.getAsJsonObject();
                for (String variant : one.getAsJsonObject("variants").keySet()) {
                    tests.add(DynamicTest.dynamicTest(
                            one.get("file").getAsString() + " " + variant,
                            () -> check(manifest, one, Variant.of(variant))));
                }
            }
        }
        return tests;
    }

    private static void check(Manifest manifest, JsonObject one, Variant variant) throws IOException {
        Volume volume = Volumes.read(manifest.folder().resolve(one.get("file").getAsString()));
        JsonObject golden = one.getAsJsonObject("variants").getAsJsonObject(variant.name());
        NetworkVolume prepared = Preprocessor.prepare(volume, manifest.config(), variant);
        NetworkGeometry geometry = prepared.geometry();
        PreprocessGoldens.check(golden, prepared);
        for (String key : golden.keySet()) {
            if (key.startsWith("point_")) {
                List<String> index = List.of(key.split("_", -1));
                VoxelPoint point = new VoxelPoint(
                        Integer.parseInt(index.get(1)), Integer.parseInt(index.get(2)), Integer.parseInt(index.get(3)));
                int[] at = geometry.toNetwork(point);
                assertThat(List.of(at[0], at[1], at[2]))
                        .as(key)
                        .isEqualTo(PreprocessGoldens.integers(golden.getAsJsonArray(key)));
                assertThat(geometry.toStored(at[0], at[1], at[2])).isEqualTo(point);
            }
        }
        String file = one.get("tensors").getAsString(), prefix = variant.name() + ".";
        try (TestTensors tensors = TestTensors.open(manifest.folder().resolve(file))) {
            float[] image = PreprocessGoldens.image(prepared);
            compare(manifest, file, tensors, prefix + "image", image);
            compare(
                    manifest,
                    file,
                    tensors,
                    prefix + "zoom",
                    prepared.zoomOut(manifest.config().window()));
            checkInverse(tensors, prefix, geometry);
        }
    }

    private static void compare(Manifest manifest, String file, TestTensors tensors, String key, float[] actual)
            throws IOException {
        double atol = manifest.expectations(file).get(key).atol();
        TensorAssert.assertClose(file + " " + key, tensors.floats(key), actual, tensors.shape(key), atol);
    }

    /** A golden mask in network space must land on the golden voxels of the stored grid, which is (x,y,z) in C order. */
    private static void checkInverse(TestTensors tensors, String prefix, NetworkGeometry geometry) throws IOException {
        long[] mask = tensors.longs(prefix + "mask"), stored = tensors.longs(prefix + "mask_stored");
        GridSize size = geometry.source();
        Extent extent = geometry.extent();
        long[] actual = new long[stored.length];
        for (int at = 0; at < mask.length; at++) {
            int d = at / (extent.h() * extent.w()), h = at / extent.w() % extent.h(), w = at % extent.w();
            VoxelPoint p = geometry.toStored(d, h, w);
            assertThat(geometry.storedIndex(d, h, w)).isEqualTo(size.index(p.i(), p.j(), p.k()));
            actual[(p.i() * size.nj() + p.j()) * size.nk() + p.k()] = mask[at];
        }
        assertThat(actual).as(prefix + "mask_stored").isEqualTo(stored);
    }
}
