package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file whose bytes are read through memory mapping. It is mapped at once and no file handle is kept, so an interrupted thread cannot close
 * it for the others. Slices stay valid after {@link #close()}: the mapping itself is released when the last slice is garbage. Safe for use
 * by several threads.
 *
 * <p>Windows of two gigabytes start every gigabyte, so that every slice of at most one gigabyte lies in a window.
 */
final class MappedFile implements AutoCloseable {
    private static final long WINDOW_STEP = 1L << 30;
    /** Hundreds of times the released model. */
    private static final long MAX_BYTES = 256L << 30;

    private final Path path;
    private final long size;
    private volatile List<ByteBuffer> windows; // null when it is closed

    private MappedFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.size = channel.size();
        if (size > MAX_BYTES) {
            throw new CheckpointException(path, "a file of " + size + " bytes is no checkpoint of this model");
        }
        List<ByteBuffer> mapped = new ArrayList<>();
        for (long start = 0; start == 0 || start < size; start += WINDOW_STEP) {
            mapped.add(channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(size - start, Integer.MAX_VALUE)));
        }
        this.windows = List.copyOf(mapped);
    }

    private MappedFile(Path path, ByteBuffer bytes) {
        this.path = path;
        this.size = bytes.remaining();
        this.windows = List.of(bytes.asReadOnlyBuffer());
    }

    /** Bytes that are in memory already; the path only gives them a name. */
    static MappedFile of(Path path, byte[] bytes) {
        return new MappedFile(path, ByteBuffer.wrap(bytes));
    }

    static MappedFile open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new CheckpointException(path, "no such file (" + path.toAbsolutePath() + ")");
        }
        if (!Files.isRegularFile(path)) {
            throw new CheckpointException(path, "expected a regular file (" + path.toAbsolutePath() + ")");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new MappedFile(path, channel);
        } catch (ClosedByInterruptException e) {
            throw new CheckpointException(path, "the thread was interrupted while it opened the file", e);
        }
    }

    /** Work on the file's bytes. */
    @FunctionalInterface
    interface Work<T> {
        /** Does it. */
        T run() throws IOException;
    }

    /** Does work on mapped bytes; when the file was cut short meanwhile, the machine's fault becomes a sentence. */
    static <T> T guarded(Path path, Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (InternalError e) {
            throw new CheckpointException(
                    path, "the file was changed while it was read; leave it alone and try again", e);
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
        List<ByteBuffer> mapped = windows;
        if (mapped == null) {
            throw new IllegalStateException(path.getFileName() + ": the file is closed");
        }
        if (position < 0 || length < 0 || position > size - length) {
            throw new CheckpointException(
                    path, length + " bytes at " + position + " lie outside of the file's " + size + " bytes");
        }
        if (length > WINDOW_STEP) {
            throw new CheckpointException(path, "a range of " + length + " bytes is larger than 1 GiB");
        }
        int window = (int) Math.min(position / WINDOW_STEP, mapped.size() - 1);
        return mapped.get(window)
                .slice((int) (position - window * WINDOW_STEP), (int) length)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Further slices fail with {@link IllegalStateException}; no longer keeps the file mapped. */
    @Override
    public void close() {
        windows = null;
    }
}
