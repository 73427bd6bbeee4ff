package org.segvol.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.Affine;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Orientation;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestTensors;

/** What nibabel reads from awkward files: voxels, affine, type, orientation; and that a result's file says the same affine. */
class GoldenNiftiReadTest {
    private static final String GROUP = "nifti";
    /** Millimetres; NIfTI-1 keeps transforms in single precision, both readers then calculate in double. */
    private static final double AFFINE_TOLERANCE = 1e-6;

    @TempDir
    Path folder;

    @TestFactory
    List<DynamicTest> nifti() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path group : GoldenFolders.announced(GROUP)) {
            Manifest manifest = Manifest.read(group);
            for (JsonElement element : manifest.cases().getAsJsonArray()) {
                JsonObject golden = element.getAsJsonObject();
                String name = group.getFileName() + "/" + golden.get("file").getAsString();
                tests.add(DynamicTest.dynamicTest(name + " read", () -> checkRead(manifest, golden)));
                tests.add(DynamicTest.dynamicTest(name + " written", () -> checkWritten(manifest, golden)));
            }
        }
        return tests;
    }

    private static Path file(Manifest manifest, JsonObject golden) {
        return manifest.folder().resolve(golden.get("file").getAsString());
    }

    private static void checkRead(Manifest manifest, JsonObject golden) throws IOException {
        Volume volume = Volumes.read(file(manifest, golden));
        GridSize size = volume.size();
        String tensors = golden.get("tensors").getAsString();
        try (TestTensors expected = TestTensors.open(manifest.folder().resolve(tensors))) {
            long[] shape = expected.shape("data");
            assertThat(shape).containsExactly(size.ni(), size.nj(), size.nk());
            double atol = manifest.expectations(tensors).get("data").atol();
            TensorAssert.assertClose("data", expected.floats("data"), thirdAxisFastest(volume), shape, atol);
        }
        VoxelType type = volume.voxels().type();
        assertThat(golden.get("stored_dtype").getAsString()).isIn(type.label(), ">" + shortName(type));
        JsonArray rows = golden.getAsJsonArray("affine");
        for (int n = 0; n < 12; n++) {
            double expected = rows.get(n / 4).getAsJsonArray().get(n % 4).getAsDouble();
            assertThat(volume.affine().get(n / 4, n % 4))
                    .as("affine row %d column %d", n / 4, n % 4)
                    .isCloseTo(expected, within(AFFINE_TOLERANCE));
        }
        JsonObject closest = golden.getAsJsonObject("closest_ras");
        Orientation orientation = Orientation.of(volume.affine());
        for (int direction = 0; direction < 3; direction++) {
            assertThat(orientation.storedAxis(direction))
                    .isEqualTo(closest.getAsJsonArray("perm").get(direction).getAsInt());
            assertThat(orientation.flipped(direction))
                    .isEqualTo(closest.getAsJsonArray("flip").get(direction).getAsBoolean());
        }
    }

    /** numpy names types of the other byte order by their kind and bytes, such as {@code >i2}. */
    private static String shortName(VoxelType type) {
        return type.label().charAt(0) + String.valueOf(type.bytes());
    }

    /** numpy's order of the axes (i, j, k): k runs fastest. */
    private static float[] thirdAxisFastest(Volume volume) {
        GridSize size = volume.size();
        float[] values = new float[size.count()];
        int at = 0;
        for (int i = 0; i < size.ni(); i++) {
            for (int j = 0; j < size.nj(); j++) {
                for (int k = 0; k < size.nk(); k++) {
                    values[at++] = volume.at(i, j, k);
                }
            }
        }
        return values;
    }

    private void checkWritten(Manifest manifest, JsonObject golden) throws IOException {
        Volume volume = Volumes.read(file(manifest, golden));
        Mask.Builder builder = Mask.builder(volume.size());
        for (int index = 0; index < volume.size().count(); index += 3) {
            builder.set(index);
        }
        Mask mask = builder.build();
        for (String name : List.of("mask.nii", "mask.nii.gz")) {
            Path file = folder.resolve(name);
            Volumes.write(mask, volume, file);
            Volume written = Volumes.read(file);
            assertThat(Mask.ofLabel(written, 1)).isEqualTo(mask);
            assertSame(volume.affine(), written.affine());
            assertThat(written.forms().sformCode()).isEqualTo(volume.forms().sformCode());
            assertThat(written.forms().qformCode()).isEqualTo(volume.forms().qformCode());
            if (volume.forms().qform() != null) {
                assertSame(volume.forms().qform(), written.forms().qform());
            }
        }
    }

    private static void assertSame(Affine expected, Affine found) {
        for (int n = 0; n < 12; n++) {
            assertThat(found.get(n / 4, n % 4))
                    .as("row %d column %d", n / 4, n % 4)
                    .isCloseTo(expected.get(n / 4, n % 4), within(AFFINE_TOLERANCE));
        }
    }
}
