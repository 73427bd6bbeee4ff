package org.segvol.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segvol.image.Volume;
import org.segvol.image.VolumeSummary;
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
        ParsingBound.check(data.length, 0, DicomFuzz::parse);
    }

    private static void parse() throws IOException {
        try {
            Volume volume = Volumes.read(FOLDER);
            VolumeSummary summary = VolumeSummary.of(volume);
            if (summary.size().count() != volume.voxels().count()
                    || summary.orientation().codes().length() != 3) {
                throw new AssertionError(summary);
            }
            WrittenForms.of(volume);
        } catch (VolumeFormatException e) {
            if (!e.getMessage().contains(": ")
                    || e.getMessage().length() > 1300
                    || e.getMessage().chars().anyMatch(Character::isISOControl)) {
                throw new AssertionError("not a sentence: " + e.getMessage(), e);
            }
        }
    }
}
