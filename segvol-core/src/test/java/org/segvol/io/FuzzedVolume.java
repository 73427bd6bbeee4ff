package org.segvol.io;

import java.io.IOException;
import java.nio.file.Path;
import org.segvol.image.Volume;
import org.segvol.image.VolumeSummary;

/** What must hold of a fuzzed volume: it is sound, or refused in a sentence. */
final class FuzzedVolume {
    private static final int LONGEST_SENTENCE = 1300;

    private FuzzedVolume() {}

    static void check(Path path) throws IOException {
        try {
            Volume volume = Volumes.read(path);
            VolumeSummary summary = VolumeSummary.of(volume);
            if (summary.size().count() != volume.voxels().count()
                    || summary.orientation().codes().length() != 3) {
                throw new AssertionError(summary);
            }
            WrittenForms.of(volume);
        } catch (VolumeFormatException e) {
            if (!e.getMessage().contains(": ")
                    || e.getMessage().length() > LONGEST_SENTENCE
                    || e.getMessage().chars().anyMatch(Character::isISOControl)) {
                throw new AssertionError("not a sentence: " + e.getMessage(), e);
            }
        }
    }
}
