package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Hashes files without holding them in memory. */
final class FileHash {
    private static final int CHUNK = 1 << 20;

    private FileHash() {}

    /** SHA-256 of the files' bytes one after the other, as 64 hexadecimal digits. */
    static String sha256(List<Path> files) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this Java runtime lacks SHA-256, which every runtime must have", e);
        }
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                while (channel.read(buffer.clear()) >= 0) {
                    digest.update(buffer.flip());
                }
            } catch (ClosedByInterruptException e) {
                throw new CheckpointException(file, "the thread was interrupted while it read the file", e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
