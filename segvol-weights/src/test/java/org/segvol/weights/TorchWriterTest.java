package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.testing.Python;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestConfigs;

/** Weights as a PyTorch zip: bit for bit back, through PyTorch too where there is one, and what the writer promises about bytes and failures. */
class TorchWriterTest {
    private static final SyntheticWeights WEIGHTS = new SyntheticWeights(TestConfigs.MINI, 2);

    @TempDir
    Path folder;

    private Path written(DType dtype) throws IOException {
        Path file = folder.resolve("weights.pth");
        TorchWriter.write(WEIGHTS, file, dtype, 7, Converter.metadata(TestConfigs.MINI), ProgressListener.NONE);
        return file;
    }

    private static void assertSame(Path file, DType dtype) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.format()).isEqualTo(Checkpoint.Format.TORCH_ZIP);
            assertThat(checkpoint.config()).isEqualTo(TestConfigs.MINI);
            ParameterTable.of(TestConfigs.MINI).requireMatch(checkpoint);
            assertThat(checkpoint.ignored()).hasSize(2);
            assertThat(checkpoint.ignored().get(0)).contains("epoch");
            assertThat(checkpoint.ignored().get(1)).contains("position_ids");
            for (TensorInfo info : checkpoint.tensors().values()) {
                assertThat(info.dtype()).isEqualTo(dtype);
                float[] expected = WEIGHTS.values(info.name());
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = switch (dtype) {
                        case F16 -> Float16Twin.round(expected[i]);
                        case BF16 -> Bfloat16Twin.round(expected[i]);
                        default -> expected[i];
                    };
                }
                TensorAssert.assertSameBits(info.name(), expected, checkpoint.read(info.name()), info.shape());
            }
        }
    }

    @Test
    void comesBackBitForBit() throws IOException {
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
            assertSame(written(dtype), dtype);
        }
    }

    @Test
    void converterWritesIt() throws IOException {
        Path file = folder.resolve("converted.pth");
        Path source = SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2);
        Converter.convert(source, file, Converter.Target.TORCH, DType.F32, ConfigHints.NONE, ProgressListener.NONE);
        assertSame(file, DType.F32);
        assertThatThrownBy(() -> Converter.convert(
                        file, file, Converter.Target.TORCH, DType.F32, ConfigHints.NONE, ProgressListener.NONE))
                .hasMessageContaining("the destination is the file to convert");
    }

    /** Runs where a Python with PyTorch is named by {@code -Dsegvol.python}. */
    @TestFactory
    List<DynamicTest> pytorch() {
        return Python.tests("PyTorch loads and saves our weights", python -> {
            for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
                Path copy = folder.resolve("copy.pth");
                String said = python.run(
                        "src/test/python/check_torch_file.py", written(dtype).toString(), copy.toString());
                assertThat(said).contains("epoch 7");
                assertSame(copy, dtype);
            }
        });
    }

    @Test
    void entriesAreStoredAndAligned() throws IOException {
        byte[] bytes = Files.readAllBytes(written(DType.F16));
        try (MappedFile file = MappedFile.open(folder.resolve("weights.pth"))) {
            for (ZipEntries.Entry entry : ZipEntries.read(file).values()) {
                assertThat(entry.position() % 64).as(entry.name()).isZero();
            }
        }
        try (ZipFile zip = new ZipFile(folder.resolve("weights.pth").toFile())) { // another reader, which checks sums
            List<String> names = new ArrayList<>();
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                names.add(entry.getName());
                byte[] content = zip.getInputStream(entry).readAllBytes();
                CRC32 crc = new CRC32();
                crc.update(content);
                assertThat(crc.getValue()).as(entry.getName()).isEqualTo(entry.getCrc());
            }
            assertThat(names).startsWith("archive/data.pkl").endsWith("archive/version");
            assertThat(names).hasSize(WEIGHTS.tensors().size() + 4);
        }
        assertThat(Files.readAllBytes(written(DType.F16)))
                .as("the same bytes again")
                .isEqualTo(bytes);
    }

    @Test
    void anImageEncoderAloneHasNoPositions() throws IOException {
        Path file = folder.resolve("encoder.pth");
        ParameterTable table = ParameterTable.of(TestConfigs.MINI).imageEncoder();
        TensorSource source = new TensorSource() {
            @Override
            public Map<String, TensorInfo> tensors() {
                return table.tensors();
            }

            @Override
            public void read(String name, FloatBuffer target) {
                WEIGHTS.read(name, target);
            }
        };
        TorchWriter.write(source, file, DType.F32, 0, Map.of(), ProgressListener.NONE);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.imageEncoderOnly()).isTrue();
            assertThat(checkpoint.ignored()).hasSize(1);
            table.requireMatch(checkpoint);
        }
    }

    @Test
    void aFailureLeavesWhatWasThere() throws IOException {
        Path file = Files.writeString(folder.resolve("weights.pth"), "before");
        assertThatThrownBy(() -> TorchWriter.write(WEIGHTS, file, DType.F32, 0, Map.of(), (done, total) -> {
                    throw new CancellationException("enough");
                }))
                .isInstanceOf(CancellationException.class);
        assertThat(file).hasContent("before");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        assertThatThrownBy(() -> TorchWriter.write(
                        WEIGHTS, folder.resolve("no/weights.pth"), DType.F32, 0, Map.of(), ProgressListener.NONE))
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> TorchWriter.write(WEIGHTS, file, DType.I64, 0, Map.of(), ProgressListener.NONE))
                .hasMessageContaining("expected F32, F16 or BF16");
        assertThatThrownBy(() ->
                        TorchWriter.write(WEIGHTS, file, DType.F32, 0, Map.of("model", "x"), ProgressListener.NONE))
                .hasMessageContaining("metadata keys start with segvol.");
    }

    @Test
    void moreThanAZipCanHoldIsRefused() {
        TensorSource large = new TensorSource() {
            @Override
            public Map<String, TensorInfo> tensors() {
                return Map.of(
                        "a", new TensorInfo("a", DType.F32, 1 << 14, 1 << 14),
                        "b", new TensorInfo("b", DType.F32, 1 << 14, 1 << 16));
            }

            @Override
            public void read(String name, FloatBuffer target) {
                throw new AssertionError("nothing should be read");
            }
        };
        assertThatThrownBy(() -> TorchWriter.write(
                        large, folder.resolve("x.pth"), DType.F32, 0, Map.of(), ProgressListener.NONE))
                .hasMessageContaining("too large for a PyTorch zip");
    }
}
