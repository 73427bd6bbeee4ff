package org.segvol.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segvol.image.Volume;
import org.segvol.io.SeveralSeriesException;
import org.segvol.io.SeveralVolumesException;
import org.segvol.io.Volumes;
import picocli.CommandLine.Option;

/** Which volume of a file or folder a command is to read. */
final class ChosenVolume {
    @Option(
            names = "--volume",
            paramLabel = "N",
            description = "Which volume of a file that holds several, counted from 0.")
    private Integer index;

    @Option(
            names = "--series",
            paramLabel = "N",
            description =
                    "Which series of a folder with DICOM images that holds several: its number or its identifier.")
    private String series;

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException when there is no such volume or series
     * @throws IOException when it cannot be read, or there are several and none was chosen
     */
    Volume read(Path path) throws IOException {
        if (index != null && Files.isDirectory(path)) {
            throw new IllegalArgumentException(path + " is a folder, of which --series chooses; leave --volume out");
        }
        requireFolder(path, series);
        try {
            if (series != null) {
                return Volumes.readSeries(path, series);
            }
            return index == null ? Volumes.read(path) : Volumes.read(path, index);
        } catch (SeveralVolumesException several) {
            throw new IOException(several.getMessage() + " with --volume", several);
        } catch (SeveralSeriesException several) {
            throw new IOException(several.getMessage() + " with --series", several);
        }
    }

    /** Refuses a series of what is no folder; null asks for none. */
    static void requireFolder(Path path, String series) {
        if (series != null && !Files.isDirectory(path)) {
            throw new IllegalArgumentException(path + " is no folder with DICOM images; leave --series out");
        }
    }
}
