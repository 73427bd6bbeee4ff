package org.segvol.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.segvol.files.OutputException;

/** Writes a file so that its name never stands for a half-written one: beside it, to the disk, then renamed over it. */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the bytes of a file; may close the stream. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to the stream. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Replaces or creates {@code target}; when anything fails, nothing is left behind and an existing file stays as it was.
     *
     * @throws OutputException when the file cannot be written
     */
    public static void write(Path target, Content content) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new OutputException(target, new NoSuchFileException(target.toString()));
        }
        Path partial = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (OutputStream out = Files.newOutputStream(partial, StandardOpenOption.CREATE_NEW)) {
                content.writeTo(out);
            }
            try (FileChannel written = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            replace(partial, target);
        } catch (OutputException e) {
            throw e;
        } catch (IOException e) {
            throw new OutputException(target, e);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static void replace(Path partial, Path target) throws IOException {
        try {
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
