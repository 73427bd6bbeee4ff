package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.files.OutputException;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TensorAssert;

/** What the writer promises about bytes, order and failures. */
class SafetensorsWriterTest {
    @TempDir
    Path folder;

    /** A source of odd sizes: element i of tensor t is i + t / 16. */
    private static TensorSource source(int tensors) {
        Map<String, TensorInfo> infos = new LinkedHashMap<>();
        for (int t = 0; t < tensors; t++) {
            String name = "image_encoder.t" + t;
            infos.put(name, new TensorInfo(name, DType.F32, t, 7, 3));
        }
        return new TensorSource() {
            @Override
            public Map<String, TensorInfo> tensors() {
                return infos;
            }

            @Override
            public void read(String name, FloatBuffer target) {
                int t = Integer.parseInt(name.substring(name.indexOf(".t") + 2));
                for (int i = 0; i < t * 21; i++) {
                    target.put(i + t / 16f);
                }
            }
        };
    }

    @Test
    void sameInputGivesTheSameBytes() throws IOException {
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
            Path first = folder.resolve("first");
            Path second = folder.resolve("second");
            SafetensorsWriter.write(source(9), first, dtype, Map.of("b", "2", "a", "1"));
            Map<String, String> otherOrder = new LinkedHashMap<>();
            otherOrder.put("a", "1");
            otherOrder.put("b", "2");
            SafetensorsWriter.write(source(9), second, dtype, otherOrder);
            assertThat(first).hasSameBinaryContentAs(second);
        }
    }

    @Test
    void dataBeginsAtAMultipleOf64() throws IOException {
        for (int tensors = 1; tensors < 12; tensors++) {
            Path file = folder.resolve("aligned");
            SafetensorsWriter.write(source(tensors), file, DType.F16, Map.of());
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            assertThat((8 + bytes.getLong(0)) % 64).isZero();
            assertThat(bytes.get(8)).isEqualTo((byte) '{');
        }
    }

    @Test
    void valuesAndMetadataComeBack() throws IOException {
        Path file = folder.resolve("file");
        Map<String, String> metadata = Map.of("plain", "text", "awkward \"key\"\n", "\\ \u00e9 \u0001 \ud83d\ude00");
        List<Long> progress = new ArrayList<>();
        SafetensorsWriter.write(source(5), file, DType.F32, metadata, (done, total) -> progress.add(done));
        assertThat(progress).containsExactly(0L, 84L, 252L, 504L, 840L);
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(opened.metadata()).isEqualTo(metadata);
            assertThat(opened.tensors().keySet())
                    .containsExactlyElementsOf(source(5).tensors().keySet());
            float[] values = new float[84];
            opened.read("image_encoder.t4", FloatBuffer.wrap(values));
            assertThat(values[0]).isEqualTo(0.25f);
            assertThat(values[83]).isEqualTo(83.25f);
            assertThat(opened.bytes("image_encoder.t4").remaining()).isEqualTo(336);
        }
    }

    @Test
    void aFailureLeavesTheDestinationAsItWas() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "before", StandardCharsets.UTF_8);
        assertThatThrownBy(() -> SafetensorsWriter.write(source(3), file, DType.F32, Map.of(), (done, total) -> {
                    throw new CancellationException("stop");
                }))
                .isInstanceOf(CancellationException.class);
        assertThat(file).hasContent("before");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void onlyFloatingPointTypesAreWritten() {
        assertThatThrownBy(() -> SafetensorsWriter.write(source(1), folder.resolve("x"), DType.I64, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected F32, F16 or BF16");
    }

    @Test
    void aMissingFolderIsNamed() {
        assertThatThrownBy(() -> SafetensorsWriter.write(source(1), folder.resolve("no/x"), DType.F32, Map.of()))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void syntheticFilesDescribeThemselves() throws IOException {
        ModelConfig config = new ModelConfig(
                "tiny",
                new Extent(8, 32, 32),
                new Extent(4, 16, 16),
                48,
                96,
                2,
                4,
                2,
                8,
                64,
                4,
                32,
                3,
                16,
                100,
                32,
                64,
                2,
                4,
                77);
        Path file = SyntheticWeights.fullSizeFile(config, 3);
        assertThat(SyntheticWeights.fullSizeFile(config, 3)).isEqualTo(file);
        SyntheticWeights weights = new SyntheticWeights(config, 3);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.config()).isEqualTo(config);
            ParameterTable.of(config).requireMatch(checkpoint);
            for (TensorInfo info : checkpoint.tensors().values()) {
                TensorAssert.assertSameBits(
                        info.name(), weights.values(info.name()), checkpoint.read(info.name()), info.shape());
            }
        }
    }
}
