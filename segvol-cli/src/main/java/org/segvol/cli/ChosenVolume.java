package org.segvol.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.segvol.image.Volume;
import org.segvol.io.SeveralVolumesException;
import org.segvol.io.Volumes;

/** Reads the volume that {@code --volume} chooses. */
final class ChosenVolume {
    private ChosenVolume() {}

    /**
     * Reads it.
     *
     * @param index counted from 0, or null when the option was not given
     * @throws IOException when it cannot be read, or the file holds several and none was chosen
     */
    static Volume read(Path file, Integer index) throws IOException {
        try {
            return index == null ? Volumes.read(file) : Volumes.read(file, index);
        } catch (SeveralVolumesException several) {
            throw new IOException(several.getMessage() + " with --volume", several);
        }
    }
}
