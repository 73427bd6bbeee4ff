package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segvol.weights.PickleBytes.Tensor;

/** Damaged and malicious files end in a result or a {@link CheckpointException}, never in anything else. */
class HostileFilesTest {
    private static final String NAME = "module.image_encoder.norm.weight";
    private static final String CANONICAL = "image_encoder.norm.weight";

    @TempDir
    Path folder;

    enum Container {
        ZIP,
        LEGACY,
        SAFETENSORS,
        INDEX
    }

    private static Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put(NAME, Tensor.contiguous(3));
        state.put("module.image_encoder.norm.bias", new Tensor("FloatStorage", 12, 1, new int[] {2, 3}, new int[] {1, 4
        }));
        return state;
    }

    private Path write(Container container) throws IOException {
        Path file = folder.resolve("small");
        switch (container) {
            case ZIP -> TorchFiles.zip(file, state());
            case LEGACY -> TorchFiles.legacy(file, state());
            case SAFETENSORS, INDEX -> {
                Path zip = TorchFiles.zip(folder.resolve("zip"), state());
                Path shard = container == Container.INDEX ? folder.resolve("shard") : file;
                try (Checkpoint checkpoint = Checkpoint.open(zip)) {
                    SafetensorsWriter.write(checkpoint, shard, DType.F32, Map.of("a", "b"));
                }
                if (container == Container.INDEX) {
                    Files.writeString(
                            file,
                            "{\"metadata\":{\"total_size\":36},\"weight_map\":{\"image_encoder.norm.weight\":\"shard\","
                                    + "\"image_encoder.norm.bias\":\"shard\"}}");
                }
            }
        }
        return file;
    }

    /** Opens, reads everything, asks for the configuration; gives what was refused, or null. */
    private static CheckpointException use(Path file) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            for (String name : checkpoint.tensors().keySet()) {
                checkpoint.read(name);
                checkpoint.bytes(name);
            }
            checkpoint.config();
            return null;
        } catch (CheckpointException e) {
            assertThat(e).hasMessageMatching("(?s)\\S.*: .+");
            return e;
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void truncationsAreRefused(Container container) throws IOException {
        byte[] whole = Files.readAllBytes(write(container));
        Path damaged = folder.resolve("damaged");
        for (int length = 0; length < whole.length; length++) {
            Files.write(damaged, Arrays.copyOf(whole, length));
            assertThat(use(damaged)).as(container + " cut to " + length).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void changedBytesEndInAResultOrATypedError(Container container) throws IOException {
        byte[] bytes = Files.readAllBytes(write(container));
        Path damaged = folder.resolve("damaged");
        for (int at = 0; at < bytes.length; at++) {
            byte original = bytes[at];
            for (int change : new int[] {0x01, 0x80, 0xff, original, original ^ '.', original ^ '0'}) {
                bytes[at] = (byte) (original ^ change);
                Files.write(damaged, bytes);
                use(damaged);
            }
            bytes[at] = original;
        }
    }

    private static byte[] around(PickleBytes value) {
        return new PickleBytes()
                .op(0x80, 2, '}')
                .text(NAME)
                .raw(value.bytes())
                .op('s', '.')
                .bytes();
    }

    private CheckpointException refused(byte... pickle) throws IOException {
        Path file = TorchFiles.zip(folder.resolve("hostile"), pickle, List.of(new byte[12]));
        CheckpointException refusal = use(file);
        assertThat(refusal).isNotNull();
        return refusal;
    }

    @Test
    void unknownCallablesAreNeverCalled() throws IOException {
        byte[] system = new PickleBytes()
                .op(0x80, 2)
                .global("posix", "system")
                .op('(')
                .text("touch hacked")
                .op('t', 'R', '.')
                .bytes();
        assertThat(refused(system)).hasMessageContaining("expected a dictionary of tensors");
        byte[] constructor = around(new PickleBytes()
                .global("java.net", "URL")
                .op('(')
                .text("http://localhost")
                .op('t', 0x81));
        assertThat(refused(constructor)).hasMessageContaining("not a tensor");
    }

    @Test
    void deepNestingNeedsNoStack() throws IOException {
        PickleBytes lists = new PickleBytes().op(0x80, 2);
        for (int i = 0; i < 300_000; i++) {
            lists.op(']');
        }
        for (int i = 1; i < 300_000; i++) {
            lists.op('a');
        }
        assertThat(refused(lists.op('.').bytes())).hasMessageContaining("expected a dictionary");
        PickleBytes self =
                new PickleBytes().op(0x80, 2, '}', 'q', 0).text("model").op('h', 0, 's', 'h', 0, '.');
        refused(self.bytes());
        PickleBytes tuple =
                new PickleBytes().op(0x80, 2, ']', 'q', 0, 'h', 0, 'a', 0x85).global("torch", "Size");
        refused(tuple.op('h', 0, 'R', '.').bytes());
    }

    @Test
    void hugeClaimsAreRefusedBeforeAllocation() throws IOException {
        for (int opcode : new int[] {'X', 'B', 'T', 0x8b}) {
            refused(new PickleBytes().op(0x80, 2, opcode).int32(0x7fff_fff0).bytes());
        }
        for (int opcode : new int[] {0x8d, 0x8e, 0x96}) {
            refused(new PickleBytes().op(0x80, 4, opcode).int64(1L << 60).bytes());
            refused(new PickleBytes().op(0x80, 4, opcode).int64(-1).bytes());
        }
        Tensor huge = new Tensor("FloatStorage", 0x7fff_ffff, 0, new int[] {3}, new int[] {1});
        assertThat(refused(around(new PickleBytes().tensor("0", huge, false))))
                .hasMessageContaining("the storage 0 has 12 bytes");
        Tensor expanded = new Tensor("FloatStorage", 3, 0, new int[] {0x7fff_ffff, 4}, new int[] {0, 0});
        assertThat(refused(around(new PickleBytes().tensor("0", expanded, false))))
                .hasMessageContaining("more elements than the file");
    }

    @Test
    void repeatedCopiesAreCharged() throws IOException {
        PickleBytes pickle = new PickleBytes().op(0x80, 2, ']', '(');
        for (int i = 0; i < 100_000; i++) {
            pickle.op('N');
        }
        pickle.op('e', 0x85, 'q', 0).global("collections", "OrderedDict").op('q', 1);
        for (int i = 0; i < 100; i++) {
            pickle.op('h', 1, 'h', 0, 'R');
        }
        assertThat(refused(pickle.op('.').bytes())).hasMessageContaining("32 MB of memory");
    }

    @Test
    void stepsAreCounted() throws IOException {
        PickleBytes pickle = new PickleBytes().op(0x80, 2);
        for (int i = 0; i < 1_000_001; i++) {
            pickle.op('N', '0');
        }
        assertThat(refused(pickle.op('N', '.').bytes())).hasMessageContaining("steps");
    }

    @Test
    void viewsOutsideOfTheirStorageAreRefused() throws IOException {
        for (Tensor tensor : List.of(
                new Tensor("FloatStorage", 3, 1, new int[] {3}, new int[] {1}),
                new Tensor("FloatStorage", 3, -1, new int[] {3}, new int[] {1}),
                new Tensor("FloatStorage", 3, 0, new int[] {2}, new int[] {3}),
                new Tensor("FloatStorage", 3, 2, new int[] {2}, new int[] {-1}),
                new Tensor("FloatStorage", 3, 0, new int[] {-1}, new int[] {1}),
                new Tensor("FloatStorage", 3, 4, new int[] {0}, new int[] {1}),
                new Tensor("FloatStorage", -3, 0, new int[] {0}, new int[] {1}),
                new Tensor("DoubleStorage", 3, 0, new int[] {1}, new int[] {1}),
                new Tensor("FloatStorage", 3, 0, new int[] {3}, new int[] {1, 1}))) {
            refused(around(new PickleBytes().tensor("0", tensor, false)));
        }
        refused(around(new PickleBytes().tensor("1", Tensor.contiguous(3), false)));
    }

    @Test
    void stackMistakesAreRefused() throws IOException {
        for (String ops :
                List.of(".", "R.", "(.", "0.", "2.", "t.", "u.", "s.", "b.", "Q.", "a.", "h\u0001.", "o.", "i")) {
            assertThat(refused(new PickleBytes().op(0x80, 2).ascii(ops).bytes()))
                    .hasMessageContaining("malformed pickle");
        }
        assertThat(refused(new PickleBytes().op(0x80, 9, 'N', '.').bytes())).hasMessageContaining("protocol");
        assertThat(refused(new PickleBytes().op(0xee, '.').bytes())).hasMessageContaining("unknown opcode 0xee");
    }

    @Test
    void textOpcodesOfOldProtocolsAreRead() throws IOException {
        PickleBytes pickle = new PickleBytes()
                .ascii("(dp0\nS'" + NAME + "'\np1\n")
                .ascii("ctorch._utils\n_rebuild_tensor\n(")
                .storage("0", "FloatStorage", 3, false)
                .ascii("I1\n(L2L\nt(I1\ntt")
                .ascii("Rs.");
        Path file = TorchFiles.zip(folder.resolve("old"), pickle.bytes(), TorchFiles.storages(state()));
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.read(CANONICAL)).containsExactly(1, 2);
        }
    }

    @Test
    void bigEndianFilesAreRefused() throws IOException {
        Path legacy = TorchFiles.legacy(
                folder.resolve("big"), PickleBytes.state(state(), true), TorchFiles.storages(state()), false);
        assertThatThrownBy(() -> Checkpoint.open(legacy))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("big: ")
                .hasMessageContaining("big-endian");
    }
}
