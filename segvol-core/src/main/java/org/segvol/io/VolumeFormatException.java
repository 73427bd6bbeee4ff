package org.segvol.io;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is not a volume this library can read: another format, damaged, cut short, or of an unsupported kind. */
public final class VolumeFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    VolumeFormatException(Path file, String sentence) {
        super(file.getFileName() + ": " + sentence);
    }

    VolumeFormatException(Path file, String sentence, IOException cause) {
        super(file.getFileName() + ": " + sentence, cause);
    }
}
