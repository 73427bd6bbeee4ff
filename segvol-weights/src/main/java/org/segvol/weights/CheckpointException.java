package org.segvol.weights;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import org.segvol.files.PlainText;

/**
 * A checkpoint file cannot be used: malformed, unsupported, or not a SegVol model. The message starts with the file's name; control
 * characters in it are escaped, and it is cut when the file made it very long.
 */
public class CheckpointException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Reports what was expected and found in {@code file}. */
    public CheckpointException(Path file, String message) {
        super(sentence(file, message));
    }

    /** Reports what was expected and found in {@code file}, and what caused it. */
    public CheckpointException(Path file, String message, Throwable cause) {
        super(sentence(file, message), cause);
    }

    private static String sentence(Path file, String message) {
        Path name = file.getFileName();
        return PlainText.of((name == null ? file : name) + ": " + message);
    }
}
