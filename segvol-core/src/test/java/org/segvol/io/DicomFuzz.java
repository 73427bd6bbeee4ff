package org.segvol.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segvol.testing.ParsingBound;

/** Fuzz target: any bytes as the only file of a DICOM series. */
public final class DicomFuzz {
    private static final Path FOLDER = temporary();

    private DicomFuzz() {}

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("fuzz");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The driver's entry. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        Path file = FOLDER.resolve("image");
        Files.write(file, data);
        file.toFile().deleteOnExit();
        ParsingBound.check(data.length, 0, () -> FuzzedVolume.check(FOLDER));
    }
}
