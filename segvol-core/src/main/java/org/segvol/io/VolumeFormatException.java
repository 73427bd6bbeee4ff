package org.segvol.io;

import java.io.IOException;
import java.nio.file.Path;
import org.segvol.files.PlainText;

/**
 * A file that is not a volume this library can read: another format, damaged, cut short, or of an unsupported kind. The message starts with the
 * file's name; control characters in it are escaped, and it is cut when the file made it very long.
 */
public class VolumeFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    VolumeFormatException(Path file, String sentence) {
        super(PlainText.of(name(file) + ": " + sentence));
    }

    VolumeFormatException(Path file, String sentence, IOException cause) {
        super(PlainText.of(name(file) + ": " + sentence), cause);
    }

    /** A root has no name. */
    private static Path name(Path file) {
        return file.getFileName() == null ? file : file.getFileName();
    }
}
