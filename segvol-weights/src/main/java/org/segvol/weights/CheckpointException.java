package org.segvol.weights;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** A checkpoint file cannot be used: malformed, unsupported, or not a SegVol model. The message starts with the file's name. */
public class CheckpointException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Reports what was expected and found in {@code file}. */
    public CheckpointException(Path file, String message) {
        super(prefix(file) + message);
    }

    /** Reports what was expected and found in {@code file}, and what caused it. */
    public CheckpointException(Path file, String message, Throwable cause) {
        super(prefix(file) + message, cause);
    }

    private static String prefix(Path file) {
        Path name = file.getFileName();
        return (name == null ? file : name) + ": ";
    }
}
