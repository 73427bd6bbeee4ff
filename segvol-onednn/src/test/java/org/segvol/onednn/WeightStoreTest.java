package org.segvol.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.layers.BlockOrder;
import org.segvol.testing.OtherThread;
import org.segvol.testing.OtherThread.Body;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.Converter;
import org.segvol.weights.DType;
import org.segvol.weights.Extent;
import org.segvol.weights.SafetensorsWriter;
import org.segvol.weights.TensorInfo;
import org.segvol.weights.TensorSource;

/** The packed weights under several threads: each tensor is read once, and nothing is freed while it is read. */
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

    private void requireHeldUpByAReader(Use use) throws Exception {
        OneDnnLibrary.load();
        try (engine cpu = new engine(engine.kind.cpu, 0);
                WeightStore store = new WeightStore(cpu, new Ones())) {
            OtherThread first = OtherThread.start(() -> store.floats("slow"));
            OtherThread.await(inside);
            OtherThread second = OtherThread.start(() -> use.on(store));
            boolean heldUp = second.isHeldUp();
            leave.countDown();
            first.end();
            second.end();
            assertThat(heldUp).isTrue();
        }
    }

    @Test
    void aTensorIsReadOnce() throws Exception {
        requireHeldUpByAReader(store -> store.floats("slow"));
        assertThat(reads).containsExactly(Map.entry("slow", 1));
    }

    @Test
    void packingWaits() throws Exception {
        WeightMatrix matrix = new WeightMatrix("other", 4, 4, WeightMatrix.Kind.LINEAR);
        requireHeldUpByAReader(store -> {
            try (memory.desc form = new memory.desc(new long[] {4, 4}, memory.data_type.f32, memory.format_tag.ab)) {
                store.packed(matrix, form);
            }
        });
    }

    @Test
    void repeatingWaits() throws Exception {
        requireHeldUpByAReader(store -> store.repeatedRow("other", 2));
    }

    @Test
    void reorderingWaits() throws Exception {
        requireHeldUpByAReader(store -> store.inBlockOrder("other", new BlockOrder(GRID, 1)));
    }

    @Test
    void closingWaits() throws Exception {
        requireHeldUpByAReader(WeightStore::close);
    }

    /** A table of a mapped file is not read, so that no slow reader can tell; the store's own monitor does. */
    @Test
    void takingATableWaits(@TempDir Path folder) throws Exception {
        OneDnnLibrary.load();
        Path file = folder.resolve("weights.safetensors");
        SafetensorsWriter.write(
                new SyntheticWeights(TestConfigs.MINI, 1), file, DType.BF16, Converter.metadata(TestConfigs.MINI));
        try (Checkpoint weights = Checkpoint.open(file);
                engine cpu = new engine(engine.kind.cpu, 0);
                WeightStore store = new WeightStore(cpu, weights)) {
            String table = tableOf(weights);
            Body take = () -> assertThat(store.table(table).type()).isEqualTo(ElementType.BF16);
            OtherThread second;
            synchronized (store) {
                second = OtherThread.start(take);
                assertThat(second.isHeldUp()).isTrue();
            }
            second.end();
        }
    }

    private static String tableOf(Checkpoint weights) throws IOException {
        return weights.tensors().keySet().stream()
                .filter(name -> name.endsWith("token_embedding.weight"))
                .findFirst()
                .orElseThrow(() -> new IOException("no table of token embeddings"));
    }
}
