package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TensorAssert;

/** Every released container against the generator's weights, bit for bit, and through the converter. */
class GoldenCheckpointsTest {
    @TempDir
    Path folder;

    @TestFactory
    List<DynamicTest> checkpoints() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path group : GoldenFolders.announced("checkpoints")) {
            Manifest manifest = Manifest.read(group);
            for (JsonElement element : manifest.json().getAsJsonArray("files")) {
                JsonObject file = element.getAsJsonObject();
                String name = file.get("container").getAsString();
                tests.add(DynamicTest.dynamicTest("read " + name, () -> checkValues(manifest, file)));
                for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
                    tests.add(DynamicTest.dynamicTest(
                            "convert " + name + " to " + dtype, () -> checkConversion(manifest, file, dtype)));
                }
            }
        }
        return tests;
    }

    private static void checkValues(Manifest manifest, JsonObject file) throws IOException {
        SyntheticWeights weights = manifest.weights();
        DType stored = dtype(file.get("stored").getAsString());
        boolean encoderOnly = file.get("image_encoder_only").getAsBoolean();
        ParameterTable table = ParameterTable.of(manifest.config());
        try (Checkpoint checkpoint = Checkpoint.open(path(manifest, file))) {
            assertThat(checkpoint.imageEncoderOnly()).isEqualTo(encoderOnly);
            (encoderOnly ? table.imageEncoder() : table).requireMatch(checkpoint);
            assertThat(checkpoint.ignored().stream().anyMatch(line -> line.contains("position_ids")))
                    .isEqualTo(file.get("position_ids").getAsBoolean());
            for (TensorInfo info : checkpoint.tensors().values()) {
                assertThat(info.dtype()).as(info.name()).isEqualTo(stored);
                float[] expected = rounded(weights.values(info.name()), stored);
                TensorAssert.assertSameBits(info.name(), expected, checkpoint.read(info.name()), info.shape());
            }
            assertThat(checkpoint
                            .config(hints(manifest.config()))
                            .withName(manifest.config().name()))
                    .satisfies(config -> checkConfig(config, manifest.config(), encoderOnly));
        }
    }

    private void checkConversion(Manifest manifest, JsonObject file, DType dtype) throws IOException {
        Path source = path(manifest, file);
        Path converted = folder.resolve("converted.safetensors");
        Converter.convert(source, converted, dtype, hints(manifest.config()), ProgressListener.NONE);
        SyntheticWeights weights = manifest.weights();
        DType stored = dtype(file.get("stored").getAsString());
        boolean encoderOnly = file.get("image_encoder_only").getAsBoolean();
        try (Checkpoint original = Checkpoint.open(source);
                Checkpoint checkpoint = Checkpoint.open(converted)) {
            assertThat(checkpoint.config()).isEqualTo(original.config(hints(manifest.config())));
            checkConfig(checkpoint.config(), manifest.config(), encoderOnly);
            assertThat(checkpoint.metadata())
                    .containsEntry(Metadata.SOURCE_SHA256, original.sha256())
                    .containsEntry(
                            Metadata.CONTENT, encoderOnly ? Metadata.CONTENT_IMAGE_ENCODER : Metadata.CONTENT_MODEL)
                    .containsKey(Metadata.CONVERTER);
            assertThat(checkpoint.ignored()).isEmpty();
            for (TensorInfo info : checkpoint.tensors().values()) {
                assertThat(info.dtype()).isEqualTo(dtype);
                float[] expected = rounded(rounded(weights.values(info.name()), stored), dtype);
                TensorAssert.assertSameBits(info.name(), expected, checkpoint.read(info.name()), info.shape());
            }
        }
    }

    /** An image encoder alone tells only its own sizes. */
    private static void checkConfig(ModelConfig actual, ModelConfig expected, boolean encoderOnly) {
        if (!encoderOnly) {
            assertThat(actual.withName(expected.name())).isEqualTo(expected);
            return;
        }
        assertThat(List.of(actual.window(), actual.patch(), actual.hidden(), actual.mlp(), actual.layers()))
                .isEqualTo(List.of(
                        expected.window(), expected.patch(), expected.hidden(), expected.mlp(), expected.layers()));
        assertThat(actual.heads()).isEqualTo(expected.heads());
    }

    private static ConfigHints hints(ModelConfig config) {
        return new ConfigHints(
                config.heads(), config.textHeads(), config.decoderHeads(), config.patch(), config.window());
    }

    private static Path path(Manifest manifest, JsonObject file) {
        return manifest.folder().resolve(file.get("file").getAsString());
    }

    private static DType dtype(String stored) {
        return Map.of("float32", DType.F32, "float16", DType.F16, "bfloat16", DType.BF16)
                .get(stored);
    }

    private static float[] rounded(float[] values, DType dtype) {
        float[] out = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = switch (dtype) {
                case F16 -> Float16Twin.round(values[i]);
                case BF16 -> Bfloat16Twin.round(values[i]);
                default -> values[i];
            };
        }
        return out;
    }
}
