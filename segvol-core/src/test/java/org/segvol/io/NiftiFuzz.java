package org.segvol.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segvol.testing.ParsingBound;

/** Fuzz target: any bytes as a NIfTI file, plain or gzipped. The voxels that a gzipped file proves to hold are not counted as parsing. */
public final class NiftiFuzz {
    private static final Path FILE = temporary();

    private NiftiFuzz() {}

    private static Path temporary() {
        try {
            Path file = Files.createTempFile("fuzz", ".nii");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The driver's entry. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        Files.write(FILE, data);
        long unpacked = ByteSource.LARGEST_DEFLATE_RATIO * data.length;
        ParsingBound.check(data.length, Math.min(unpacked, 64L << 20), () -> FuzzedVolume.check(FILE));
    }
}
