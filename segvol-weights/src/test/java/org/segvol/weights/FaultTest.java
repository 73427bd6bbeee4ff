package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.files.OutputException;
import org.segvol.testing.ChildJvm;
import org.segvol.weights.PickleBytes.Tensor;

/** Checkpoints while threads are interrupted, files shrink, and folders go away. */
class FaultTest {
    private static final String CANONICAL = "image_encoder.norm.weight";

    @TempDir
    Path folder;

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    private Path plain() throws IOException {
        return TorchFiles.zip(folder.resolve("plain.pth"), Map.of(CANONICAL, Tensor.contiguous(3)));
    }

    @Test
    void anInterruptedThreadDoesNotCloseTheCheckpointOfOthers() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(plain())) {
            Thread.currentThread().interrupt();
            assertThat(checkpoint.read(CANONICAL)).containsExactly(0, 1, 2);
            assertThatThrownBy(checkpoint::sha256)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("interrupted");
            assertThatThrownBy(() -> Checkpoint.open(checkpoint.source()))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage("plain.pth: the thread was interrupted while it opened the file");
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            assertThat(checkpoint.read(CANONICAL)).containsExactly(0, 1, 2);
            assertThat(checkpoint.sha256()).hasSize(64);
        }
    }

    /** A source that does something before its second tensor is read. */
    private static TensorSource disturbed(Runnable disturbance) {
        Map<String, TensorInfo> tensors =
                Map.of("a", new TensorInfo("a", DType.F32, 1 << 20), "b", new TensorInfo("b", DType.F32, 1 << 20));
        return new TensorSource() {
            private int reads;

            @Override
            public Map<String, TensorInfo> tensors() {
                return tensors;
            }

            @Override
            public void read(String name, FloatBuffer target) {
                if (++reads == 2) {
                    disturbance.run();
                }
                target.put(new float[1 << 20]);
            }
        };
    }

    @Test
    void interruptedWritesLeaveTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("x.safetensors"), "old");
        TensorSource source = disturbed(() -> Thread.currentThread().interrupt());
        assertThatThrownBy(() -> SafetensorsWriter.write(source, file, DType.F32, Map.of()))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("the thread was interrupted (what was there before is unchanged)");
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void vanishingFoldersAreNamed() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        TensorSource source = disturbed(() -> {
            try (Stream<Path> files = Files.list(inner)) {
                for (Path partial : files.toList()) {
                    Files.delete(partial);
                }
                Files.delete(inner);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThatThrownBy(() -> SafetensorsWriter.write(source, inner.resolve("x.safetensors"), DType.F32, Map.of()))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("its folder does not exist");
    }

    /** Reads a checkpoint that is cut short under its feet; in a JVM of its own, because the machine reports it as a fault. */
    static final class Shrinking {
        private Shrinking() {}

        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]);
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(10);
                }
                checkpoint.read(CANONICAL);
                System.out.println("read what is not there");
            } catch (CheckpointException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void filesThatAreCutShortWhileOpenAreNoticed() throws IOException {
        Path file = TorchFiles.zip(folder.resolve("large.pth"), Map.of(CANONICAL, Tensor.contiguous(1 << 18)));
        ChildJvm.Result result = ChildJvm.run(folder, Shrinking.class.getName(), List.of("-Xmx200m"), file.toString());
        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("large.pth: the file was changed while it was read; leave it alone and try again");
    }
}
