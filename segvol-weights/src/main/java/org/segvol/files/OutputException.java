package org.segvol.files;

import java.io.IOException;
import java.io.Serial;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file cannot be written: the disk is full, the folder has vanished, or the like. The target is then as it was before. */
public final class OutputException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Reports that {@code target} could not be replaced or created. */
    public OutputException(Path target, IOException cause) {
        super(target + ": cannot be written: " + reason(cause) + " (what was there before is unchanged)", cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return "the thread was interrupted";
        }
        if (cause instanceof NoSuchFileException) {
            return "its folder does not exist; create it and try again";
        }
        if (cause instanceof AccessDeniedException) {
            return "access is denied; choose another folder";
        }
        String reason = cause instanceof FileSystemException failed ? failed.getReason() : cause.getMessage();
        if (reason == null || reason.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        return reason.contains("No space left") || reason.contains("quota")
                ? reason + "; free some space or choose another disk"
                : reason;
    }
}
