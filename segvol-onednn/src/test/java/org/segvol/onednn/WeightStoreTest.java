package org.segvol.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segvol.layers.BlockOrder;
import org.segvol.testing.OtherThread;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.Converter;
import org.segvol.weights.DType;
import org.segvol.weights.Extent;
import org.segvol.weights.SafetensorsWriter;
import org.segvol.weights.TensorInfo;
import org.segvol.weights.TensorSource;

/** The weights under several threads: each tensor is read once, and nothing is freed while it is read; and parts of matrices. */
class WeightStoreTest {
    private static final Extent GRID = new Extent(1, 1, 2);

    private final CountDownLatch inside = new CountDownLatch(1), leave = new CountDownLatch(1);
    private final Map<String, Integer> reads = new ConcurrentHashMap<>();

    /** Sixteen ones under any name; reading the one named slow takes until the test lets it go. */
    private final class Ones implements TensorSource {
        @Override
        public Map<String, TensorInfo> tensors() {
            Map<String, TensorInfo> tensors = new LinkedHashMap<>();
            for (String name : new String[] {"slow", "other"}) {
                tensors.put(name, new TensorInfo(name, DType.F32, new long[] {4, 4}));
            }
            return tensors;
        }

        @Override
        public void read(String name, FloatBuffer target) {
            reads.merge(name, 1, Integer::sum);
            if (name.equals("slow")) {
                inside.countDown();
                OtherThread.await(leave);
            }
            while (target.hasRemaining()) {
                target.put(1);
            }
        }
    }

    /** What a second thread does with the store. */
    private interface Use {
        void on(WeightStore store);
    }

    /** Whether a use waits while another thread makes something of the tensor that is slow to read. */
    private boolean isHeldUp(Use maker, Use use) throws Exception {
        OneDnnLibrary.load();
        try (engine cpu = new engine(engine.kind.cpu, 0);
                WeightStore store = new WeightStore(cpu, new Ones(), true, Products.PRIMITIVES)) {
            OtherThread first = OtherThread.start(() -> maker.on(store));
            OtherThread.await(inside);
            OtherThread second = OtherThread.start(() -> use.on(store));
            boolean heldUp = second.isHeldUp();
            leave.countDown();
            first.end();
            second.end();
            return heldUp;
        }
    }

    private static void pack(WeightStore store, String name) {
        WeightMatrix matrix = WeightMatrix.linear(name, 4, 4);
        try (memory.desc form = new memory.desc(new long[] {4, 4}, memory.data_type.f32, memory.format_tag.ab)) {
            store.packed(matrix, form);
        }
    }

    private static void plain(WeightStore store, String name) {
        store.plain(WeightMatrix.linear(name, 4, 4));
    }

    private static void reorder(WeightStore store, String name) {
        store.inBlockOrder(name, new BlockOrder(GRID, 1));
    }

    static Stream<Arguments> waysToUse() {
        return Stream.<Map.Entry<String, BiConsumer<WeightStore, String>>>of(
                        Map.entry("as stored", WeightStore::floats),
                        Map.entry("packed", WeightStoreTest::pack),
                        Map.entry("plain", WeightStoreTest::plain),
                        Map.entry("repeated", (store, name) -> store.repeatedRow(name, 2)),
                        Map.entry("in block order", WeightStoreTest::reorder))
                .map(way -> Arguments.of(named(way.getKey(), way.getValue())));
    }

    @ParameterizedTest
    @MethodSource("waysToUse")
    void aTensorIsReadOnce(BiConsumer<WeightStore, String> way) throws Exception {
        Use use = store -> way.accept(store, "slow");
        assertThat(isHeldUp(use, use)).isTrue();
        assertThat(reads).containsExactly(Map.entry("slow", 1));
    }

    @ParameterizedTest
    @MethodSource("waysToUse")
    void anotherTensorDoesNotWait(BiConsumer<WeightStore, String> way) throws Exception {
        assertThat(isHeldUp(store -> way.accept(store, "slow"), store -> way.accept(store, "other")))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("waysToUse")
    void closingWaits(BiConsumer<WeightStore, String> way) throws Exception {
        assertThat(isHeldUp(store -> way.accept(store, "slow"), WeightStore::close))
                .isTrue();
    }

    /** A table of a mapped file is not read, but taken as it lies; not after closing. */
    @Test
    void aTableStaysAsItLies(@TempDir Path folder) throws Exception {
        OneDnnLibrary.load();
        Path file = folder.resolve("weights.safetensors");
        SafetensorsWriter.write(
                new SyntheticWeights(TestConfigs.MINI, 1), file, DType.BF16, Converter.metadata(TestConfigs.MINI));
        try (Checkpoint weights = Checkpoint.open(file);
                engine cpu = new engine(engine.kind.cpu, 0);
                WeightStore store = new WeightStore(cpu, weights, true, Products.PRIMITIVES)) {
            String table = tableOf(weights);
            assertThat(store.table(table).type()).isEqualTo(ElementType.BF16);
            store.close();
            assertThatThrownBy(() -> store.table(table)).isInstanceOf(IllegalStateException.class);
        }
    }

    /** Some columns of a linear layer's matrix in all three forms: packed, where they lie, and plain. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16", "F16"})
    void columnsAreAPartOfTheMatrix(DType stored, @TempDir Path folder) throws Exception {
        OneDnnLibrary.load();
        Path file = folder.resolve("weights.safetensors");
        SafetensorsWriter.write(
                new SyntheticWeights(TestConfigs.MINI, 1), file, stored, Converter.metadata(TestConfigs.MINI));
        int hidden = TestConfigs.MINI.hidden();
        try (Checkpoint weights = Checkpoint.open(file);
                engine cpu = new engine(engine.kind.cpu, 0);
                WeightStore store = new WeightStore(cpu, weights, false, Products.DIRECT)) {
            String name = weights.tensors().keySet().stream()
                    .filter(n -> n.endsWith("attn.qkv.weight"))
                    .findFirst()
                    .orElseThrow();
            WeightMatrix whole = WeightMatrix.linear(name, hidden, 3 * hidden);
            WeightMatrix part = whole.columns(hidden, 3 * hidden).columns(hidden, 2 * hidden);
            float[] all = new float[3 * hidden * hidden];
            weights.read(name, FloatBuffer.wrap(all));
            float[] expected = Arrays.copyOfRange(all, 2 * hidden * hidden, 3 * hidden * hidden); // (out, in)

            try (memory.desc form =
                    new memory.desc(new long[] {hidden, hidden}, memory.data_type.f32, new long[] {1, hidden})) {
                store.packed(whole.columns(0, hidden), form); // must not be taken for the other columns
                assertThat(floats(store.packed(part, form).get_data_handle(), expected.length))
                        .containsExactly(expected);
            }
            View plain = store.plain(part);
            Pointer there = store.floats(name).storage().address().getPointer(plain.offsetBytes());
            assertThat(floats(there, expected.length)).containsExactly(expected);
            Optional<memory> inPlace = store.inPlace(part, ElementType.F32, 1);
            assertThat(inPlace.isPresent()).isEqualTo(stored == DType.F32);
            assertThat(store.inPlace(part, ElementType.F32, 1)).as("made once").isEqualTo(inPlace);
            inPlace.ifPresent(found ->
                    assertThat(floats(found.get_data_handle(), expected.length)).containsExactly(expected));
        }
    }

    private static float[] floats(Pointer address, int count) {
        float[] values = new float[count];
        new FloatPointer(address).get(values);
        return values;
    }

    private static String tableOf(Checkpoint weights) throws IOException {
        return weights.tensors().keySet().stream()
                .filter(name -> name.endsWith("token_embedding.weight"))
                .findFirst()
                .orElseThrow(() -> new IOException("no table of token embeddings"));
    }

    @Test
    void nothingIsMadeAfterClosing() {
        OneDnnLibrary.load();
        try (engine cpu = new engine(engine.kind.cpu, 0)) {
            WeightStore store = new WeightStore(cpu, new Ones(), true, Products.PRIMITIVES);
            store.close();
            assertThatThrownBy(() -> store.floats("other"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the weight store was closed");
            assertThat(reads).isEmpty();
        }
    }
}
