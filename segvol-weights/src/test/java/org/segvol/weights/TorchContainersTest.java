package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.weights.PickleBytes.Tensor;

/** PyTorch's containers in variations that the released files do not show. */
class TorchContainersTest {
    private static final String NAME = "model.image_encoder.norm.weight";
    private static final String CANONICAL = "image_encoder.norm.weight";

    @TempDir
    Path folder;

    @Test
    void viewsAgreeWithIndexArithmetic() throws IOException {
        long seed = 20261124;
        Random random = new Random(seed);
        int read = 0;
        for (int trial = 0; trial < 400; trial++) {
            int rank = random.nextInt(5);
            int[] shape = new int[rank];
            int[] strides = new int[rank];
            int last = 0;
            for (int axis = 0; axis < rank; axis++) {
                shape[axis] = random.nextInt(5);
                strides[axis] = random.nextInt(8);
                last += Math.max(0, shape[axis] - 1) * strides[axis];
            }
            int offset = random.nextInt(4);
            Tensor view = new Tensor("FloatStorage", offset + last + 1 + random.nextInt(3), offset, shape, strides);
            for (boolean legacy : new boolean[] {false, true}) {
                Path file = folder.resolve("view");
                Path written =
                        legacy ? TorchFiles.legacy(file, Map.of(NAME, view)) : TorchFiles.zip(file, Map.of(NAME, view));
                String what = String.format("seed %d, trial %d: %s", seed, trial, view);
                float[] expected = plain(view);
                if (usesElementsTwice(expected) || Shapes.overlaps(longs(shape), longs(strides))) {
                    assertThatThrownBy(() -> Checkpoint.open(written))
                            .as(what)
                            .isInstanceOf(CheckpointException.class)
                            .hasMessageContaining("uses elements twice");
                    continue;
                }
                read++;
                try (Checkpoint checkpoint = Checkpoint.open(written)) {
                    assertThat(checkpoint.read(CANONICAL)).as(what).containsExactly(expected);
                }
            }
        }
        assertThat(read).isGreaterThan(200);
    }

    private static boolean usesElementsTwice(float[] elements) {
        float[] sorted = elements.clone();
        Arrays.sort(sorted);
        return IntStream.range(1, sorted.length).anyMatch(i -> sorted[i] == sorted[i - 1]);
    }

    private static long[] longs(int... values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    @Test
    void slicesAndPermutationsNeverCountAsOverlapping() {
        Random random = new Random(7);
        for (int trial = 0; trial < 1000; trial++) {
            int rank = 1 + random.nextInt(5);
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, rank).boxed().toList());
            Collections.shuffle(order, random);
            long[] shape = new long[rank];
            long[] strides = new long[rank];
            long step = 1;
            for (int axis : order) {
                long whole = 1L + random.nextInt(6);
                int every = 1 + random.nextInt(3);
                strides[axis] = step * every;
                shape[axis] = (whole + every - 1) / every;
                step *= whole;
            }
            assertThat(Shapes.overlaps(shape, strides))
                    .as(Arrays.toString(shape) + Arrays.toString(strides))
                    .isFalse();
        }
    }

    private static float[] plain(Tensor view) {
        int count = 1;
        for (int size : view.shape()) {
            count *= size;
        }
        float[] values = new float[count];
        for (int flat = 0; flat < count; flat++) {
            int at = view.offset();
            int rest = flat;
            for (int axis = view.shape().size() - 1; axis >= 0; axis--) {
                at += rest % view.shape().get(axis) * view.strides().get(axis);
                rest /= view.shape().get(axis);
            }
            values[flat] = at;
        }
        return values;
    }

    @Test
    void contiguousBytesAreMappedAndOthersAreNot() throws IOException {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put(NAME, new Tensor("FloatStorage", 9, 2, new int[] {2, 3}, new int[] {3, 1}));
        state.put(
                "model.image_encoder.norm.bias", new Tensor("FloatStorage", 6, 0, new int[] {2, 3}, new int[] {1, 2}));
        try (Checkpoint checkpoint = Checkpoint.open(TorchFiles.zip(folder.resolve("views"), state))) {
            ByteBuffer bytes = checkpoint.bytes(CANONICAL).orElseThrow();
            assertThat(bytes.isReadOnly()).isTrue();
            assertThat(bytes.isDirect()).isTrue();
            assertThat(bytes.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            assertThat(bytes.remaining()).isEqualTo(24);
            assertThat(bytes.getFloat(0)).isEqualTo(2);
            assertThat(checkpoint.bytes("image_encoder.norm.bias")).isEmpty();
        }
    }

    @Test
    void partsOfStoragesInVeryOldFiles() throws IOException {
        PickleBytes pickle = new PickleBytes().op(0x80, 2, '}').text(NAME).global("torch._utils", "_rebuild_tensor");
        pickle.op('(', '(')
                .text("storage")
                .global("torch", "FloatStorage")
                .text("0")
                .text("cpu")
                .integer(10);
        pickle.op('(').text("part").integer(4).integer(5).op('t', 't', 'Q');
        pickle.integer(1).integers(3).integers(1).op('t', 'R', 's', '.');
        Map<String, Tensor> storages = Map.of(NAME, Tensor.contiguous(10));
        Path file = TorchFiles.legacy(folder.resolve("parts"), pickle.bytes(), TorchFiles.storages(storages), true);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.format()).isEqualTo(Checkpoint.Format.TORCH_LEGACY);
            assertThat(checkpoint.read(CANONICAL)).containsExactly(5, 6, 7);
        }
    }

    @Test
    void everyPickleProtocolIsRecognised() throws IOException {
        Map<String, Tensor> state = Map.of(NAME, Tensor.contiguous(2));
        for (int protocol = 2; protocol <= 5; protocol++) {
            Path file = TorchFiles.legacy(
                    folder.resolve("protocol"),
                    TorchFiles.magicNumber(protocol),
                    PickleBytes.state(state, true),
                    TorchFiles.storages(state),
                    true);
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                assertThat(checkpoint.read(CANONICAL)).containsExactly(0, 1);
            }
        }
        Path plain = Files.write(
                folder.resolve("plain.pkl"),
                new PickleBytes().op(0x80, 4, '}', '.').bytes());
        assertThatThrownBy(() -> Checkpoint.open(plain))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("a pickle that PyTorch did not write");
    }

    @Test
    void sixtyFourBitZipEntries() throws IOException {
        byte[] name = "a/data.pkl".getBytes(StandardCharsets.US_ASCII);
        byte[] storageName = "a/data/0".getBytes(StandardCharsets.US_ASCII);
        Map<String, Tensor> state = Map.of(NAME, Tensor.contiguous(3));
        byte[] pickle = PickleBytes.state(state, false);
        byte[] storage = TorchFiles.storages(state).get(0);
        PickleBytes zip = new PickleBytes();
        localHeader(zip, name, pickle);
        int second = zip.bytes().length;
        localHeader(zip, storageName, storage);
        int directory = zip.bytes().length;
        centralHeader(zip, name, pickle, 0);
        centralHeader(zip, storageName, storage, second);
        int end = zip.bytes().length;
        zip.int32(0x06064b50).int64(44).int32(45 << 16 | 45).int64(0).int64(2).int64(2);
        zip.int64(end - directory)
                .int64(directory)
                .int32(0x07064b50)
                .int32(0)
                .int64(end)
                .int32(1);
        zip.int32(0x06054b50).int32(0).int32(-1).int32(-1).int32(-1).op(0, 0);
        Path file = Files.write(folder.resolve("zip64"), zip.bytes());
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.read(CANONICAL)).containsExactly(0, 1, 2);
        }
    }

    private static void localHeader(PickleBytes zip, byte[] name, byte[] content) {
        zip.int32(0x04034b50)
                .int32(45)
                .int32(0)
                .op(0, 0)
                .int32(crc(content))
                .int32(-1)
                .int32(-1);
        zip.int32(20 << 16 | name.length)
                .raw(name)
                .int32(16 << 16 | 1)
                .int64(content.length)
                .int64(content.length);
        zip.raw(content);
    }

    private static void centralHeader(PickleBytes zip, byte[] name, byte[] content, long position) {
        zip.int32(0x02014b50)
                .int32(45 << 16 | 45)
                .int32(0)
                .int32(0)
                .int32(crc(content))
                .int32(-1)
                .int32(-1);
        zip.int32(28 << 16 | name.length).int32(0).op(0, 0).int32(0).int32(-1).raw(name);
        zip.int32(24 << 16 | 1).int64(content.length).int64(content.length).int64(position);
    }

    private static int crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return (int) crc.getValue();
    }

    @Test
    void parametersAndUntypedStorages() throws IOException {
        PickleBytes pickle = new PickleBytes().op(0x80, 2, '}').text(NAME);
        pickle.global("torch._utils", "_rebuild_parameter").op('(').global("torch._utils", "_rebuild_tensor_v3");
        pickle.op('(', '(')
                .text("storage")
                .global("torch.storage", "UntypedStorage")
                .text("0")
                .text("cuda:7");
        pickle.integer(12)
                .op('t', 'Q')
                .integer(1)
                .integers(2)
                .integers(1)
                .op(0x89)
                .op('N');
        pickle.global("torch", "float32").op('t', 'R', 0x88, 'N', 't', 'R', 's', '.');
        Map<String, Tensor> storages = Map.of(NAME, Tensor.contiguous(3));
        Path file = TorchFiles.zip(folder.resolve("untyped"), pickle.bytes(), TorchFiles.storages(storages));
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.tensors().get(CANONICAL).dtype()).isEqualTo(DType.F32);
            assertThat(checkpoint.read(CANONICAL)).containsExactly(1, 2);
        }
    }

    private void refused(Map<String, byte[]> entries, int method, String message) throws IOException {
        Path file = TorchFiles.zip(folder.resolve("refused"), entries, method);
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("refused: ")
                .hasMessageContaining(message);
    }

    @Test
    void otherZipFilesAreRefusedWithTheReason() throws IOException {
        byte[] pickle = PickleBytes.state(Map.of(NAME, Tensor.contiguous(1)), false);
        refused(Map.of("a/data.pkl", pickle), ZipEntry.DEFLATED, "compressed");
        refused(Map.of("readme.txt", pickle), ZipEntry.STORED, "one data.pkl; found 0");
        refused(Map.of("a/data.pkl", pickle, "b/data.pkl", pickle), ZipEntry.STORED, "one data.pkl; found 2");
        refused(Map.of("a/data.pkl", pickle, "a/constants.pkl", pickle), ZipEntry.STORED, "TorchScript");
        refused(Map.of("a/data.pkl", pickle), ZipEntry.STORED, "the storage 0 is missing");
        byte[] big = "big".getBytes(StandardCharsets.US_ASCII);
        refused(Map.of("a/data.pkl", pickle, "a/byteorder", big), ZipEntry.STORED, "little-endian");
    }

    @Test
    void damagedPicklesAreFoundByTheirChecksum() throws IOException {
        Path file = TorchFiles.zip(folder.resolve("damaged"), Map.of(NAME, Tensor.contiguous(1)));
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("image_encoder");
        bytes[at] = 'I';
        Files.write(file, bytes);
        assertThatThrownBy(() -> Checkpoint.open(file)).hasMessageContaining("checksum");
    }

    @Test
    void filesOfOtherKindsAreNamedSo() throws IOException {
        for (byte[] content :
                List.of(new byte[0], new byte[100], "not a checkpoint at all".getBytes(StandardCharsets.UTF_8))) {
            Path file = Files.write(folder.resolve("other"), content);
            assertThatThrownBy(() -> Checkpoint.open(file))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("not a checkpoint");
        }
        byte[] tar = new byte[512];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        Path file = Files.write(folder.resolve("old.tar"), tar);
        assertThatThrownBy(() -> Checkpoint.open(file)).hasMessageContaining("tar container");
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("nothing.pth")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("nothing.pth: no such file");
    }
}
