package org.segvol.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segvol.testing.ParsingBound;

/** Fuzz target: any bytes as an npy volume, or as the published form of two labels of 3 x 4 x 5 voxels when they begin like a zip file. */
public final class NumpyFuzz {
    private static final Path FOLDER = temporary();

    private NumpyFuzz() {}

    private static Path temporary() {
        try {
            return Files.createTempDirectory("fuzz");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The driver's entry. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        boolean zip = data.length > 0 && data[0] == 'P';
        Path file = FOLDER.resolve(zip ? "mask_(2, 3, 4, 5).npz" : "array.npy");
        Files.write(file, data);
        ParsingBound.check(data.length, 0, () -> parse(file, zip));
    }

    private static void parse(Path file, boolean zip) throws IOException {
        try {
            int found = zip
                    ? SparseLabels.read(file).size()
                    : NumpyVolumes.read(file).size().count();
            if (found < 1 || (zip && found != 2)) {
                throw new AssertionError(found + " of " + file);
            }
        } catch (VolumeFormatException e) {
            if (!e.getMessage().startsWith(file.getFileName() + ": ")
                    || e.getMessage().length() > 4000
                    || e.getMessage().chars().anyMatch(Character::isISOControl)) {
                throw new AssertionError("not a sentence: " + e.getMessage(), e);
            }
        }
    }
}
