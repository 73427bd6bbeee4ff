package org.segvol.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.files.OutputException;

/** Reading and writing while the thread is interrupted, the folder goes away, or the input is no file at all. */
class FaultTest {
    @TempDir
    Path folder;

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    @Test
    void interruptsDoNotDisturbReading() throws IOException {
        Path file = NiftiBytes.small().write(folder.resolve("x.nii"));
        Thread.currentThread().interrupt();
        assertThat(Volumes.read(file).size().count()).isEqualTo(24);
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }

    @Test
    void interruptedWritesLeaveTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("x.txt"), "old");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(new byte[100]);
                    Thread.currentThread().interrupt();
                    out.write(new byte[100]);
                }))
                .isInstanceOf(OutputException.class)
                .hasMessageEndingWith(
                        "x.txt: cannot be written: the thread was interrupted (what was there before is unchanged)");
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void vanishingFoldersAreNamed() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Path file = inner.resolve("x.txt");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(1);
                    try (Stream<Path> files = Files.list(inner)) {
                        for (Path partial : files.toList()) {
                            Files.delete(partial);
                        }
                    }
                    Files.delete(inner);
                }))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("x.txt: cannot be written: its folder does not exist");
        assertThat(inner).doesNotExist();
    }

    @Test
    void devicesAndPipesAreNotRead() {
        for (String device : new String[] {"/dev/zero", "/dev/null", "/dev/full"}) {
            assertThatThrownBy(() -> Volumes.read(Path.of(device)))
                    .isInstanceOf(VolumeFormatException.class)
                    .hasMessageEndingWith("expected a regular file, found a device or a pipe; copy it to a file");
        }
        assertThatThrownBy(() -> Volumes.read(Path.of("/")))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessage(
                        "/: expected a folder with DICOM images, found a whole file system; give the folder of the series");
    }
}
