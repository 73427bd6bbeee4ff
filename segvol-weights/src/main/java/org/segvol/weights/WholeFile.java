package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.segvol.files.OutputException;

/** Writes a file beside its destination, forces it to disk and renames it, so that the destination is never half-written. */
final class WholeFile {
    private WholeFile() {}

    /** Writes the bytes of a file. */
    @FunctionalInterface
    interface Content {
        /** Writes everything. */
        void writeTo(FileChannel channel) throws IOException;
    }

    /** Replaces or creates a file; when anything fails, nothing is left behind and an existing file stays as it was. */
    static void write(Path destination, Content content) throws IOException {
        Path target = destination.toAbsolutePath();
        if (target.getParent() == null || !Files.isDirectory(target.getParent())) {
            throw new OutputException(destination, new NoSuchFileException(target.toString()));
        }
        // not Files.createTempFile, whose files only their owner may read
        String suffix = "." + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".part";
        Path temporary = target.resolveSibling(target.getFileName() + suffix);
        if (temporary.getFileSystem().equals(FileSystems.getDefault())) {
            // for a JVM that is told to end; it comes after the shutdown hooks, in one of which a training run saves
            temporary.toFile().deleteOnExit();
        }
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (CheckpointException e) {
            throw e; // the source's fault
        } catch (IOException e) {
            throw new OutputException(destination, e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Writes all remaining bytes at the channel's position. */
    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
