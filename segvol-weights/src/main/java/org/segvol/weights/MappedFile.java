package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file whose bytes are read through memory mapping. Slices stay valid after {@link #close()}: the mapping itself is released when
 * the last slice is garbage. Safe for use by several threads.
 */
final class MappedFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final long size;
    /** The whole file when one buffer can hold it, else null and every slice is mapped on its own. */
    private final ByteBuffer whole;

    private volatile boolean closed;

    private MappedFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.size = channel.size();
        this.whole = size <= Integer.MAX_VALUE ? channel.map(FileChannel.MapMode.READ_ONLY, 0, size) : null;
    }

    static MappedFile open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new CheckpointException(path, "no such file (" + path.toAbsolutePath() + ")");
        }
        if (!Files.isRegularFile(path)) {
            throw new CheckpointException(path, "expected a regular file (" + path.toAbsolutePath() + ")");
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new MappedFile(path, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** A read-only little-endian view of a range that the caller has checked against {@link #size()}. */
    ByteBuffer slice(long position, long length) throws IOException {
        if (closed) {
            throw new IllegalStateException(path.getFileName() + ": the file is closed");
        }
        if (position < 0 || length < 0 || position > size - length) {
            throw new CheckpointException(
                    path, length + " bytes at " + position + " lie outside of the file's " + size + " bytes");
        }
        if (length > Integer.MAX_VALUE) {
            throw new CheckpointException(path, "a range of " + length + " bytes is larger than 2 GiB");
        }
        ByteBuffer range = whole != null
                ? whole.slice((int) position, (int) length)
                : channel.map(FileChannel.MapMode.READ_ONLY, position, length);
        return range.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Further slices fail with {@link IllegalStateException}. */
    @Override
    public void close() throws IOException {
        closed = true;
        channel.close();
    }
}
