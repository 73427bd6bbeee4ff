package org.segvol.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CancellationException;
import org.segvol.files.PlainText;

/** What a user reads of an error: one sentence. */
final class Sentences {
    private Sentences() {}

    private static String outOfMemory(String message) {
        boolean heap = message.contains("heap") || message.contains("array size") || message.contains("GC overhead");
        return heap
                ? "out of memory (" + message
                        + "); give Java more with SEGVOL_JAVA_OPTS=-Xmx8g, or leave out --probabilities"
                : "out of memory outside of Java's heap (" + message
                        + "); close other programs, give Java less with SEGVOL_JAVA_OPTS=-Xmx1g, or use --precision bf16";
    }

    /** The error in words; what files put into them cannot steer the terminal or pretend to be a second line. */
    static String of(Throwable error) {
        return PlainText.of(sentence(error));
    }

    private static String sentence(Throwable error) {
        if (error instanceof OutOfMemoryError) {
            return outOfMemory(String.valueOf(error.getMessage()));
        }
        if (error instanceof LinkageError) {
            return "a native library cannot be loaded (" + error.getMessage()
                    + "); segvol doctor says what is missing, --engine samediff may work";
        }
        if (error instanceof NoSuchFileException missing) {
            return missing.getFile() + ": there is no such file";
        }
        if (error instanceof AccessDeniedException denied) {
            return denied.getFile() + ": access is denied";
        }
        if (error instanceof NotDirectoryException notFolder) {
            return notFolder.getFile() + ": this is not a folder";
        }
        if (error instanceof FileAlreadyExistsException exists) {
            return exists.getFile() + ": a file of this name exists already";
        }
        if (error instanceof FileSystemException system) {
            String reason = system.getReason();
            return system.getFile() + ": " + (reason == null ? "cannot be read or written" : reason);
        }
        if (error instanceof CancellationException) {
            return "stopped: " + error.getMessage();
        }
        String message = error.getMessage();
        return message == null || message.isBlank()
                ? "failed with " + error.getClass().getName()
                : message;
    }
}
