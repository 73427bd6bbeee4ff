package org.segvol.io;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** The uncompressed bytes of a file. Whether it is gzipped is told by its content, not its name. */
final class ByteSource implements Closeable {
    /** Deflate cannot pack more than this many bytes into one. */
    static final long LARGEST_DEFLATE_RATIO = 1032;

    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final InputStream in;
    private final boolean compressed;
    private final long fileBytes;
    private long position;

    private ByteSource(Path file, InputStream in, boolean compressed, long fileBytes) {
        this.file = file;
        this.in = in;
        this.compressed = compressed;
        this.fileBytes = fileBytes;
    }

    /** The bytes as they lie in a regular file. */
    static ByteSource plain(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        return new ByteSource(file, raw, false, Files.size(file));
    }

    static ByteSource open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new VolumeFormatException(file, "expected a NIfTI file, found a folder");
        }
        if (!Files.isRegularFile(file)) { // its size is unknown, and it may never end
            throw new VolumeFormatException(
                    file, "expected a regular file, found a device or a pipe; copy it to a file");
        }
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            raw.mark(2);
            boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return new ByteSource(file, gzip ? new GunzipStream(raw, BUFFER) : raw, gzip, Files.size(file));
        } catch (EOFException | ZipException e) {
            raw.close();
            throw new VolumeFormatException(
                    file, "the gzip data are damaged or cut short at their start; copy the file again", e);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    Path file() {
        return file;
    }

    /** Whether bytes can still be there behind {@code end} bytes, judged without reading them. */
    boolean canHold(long end) {
        return compressed ? end / LARGEST_DEFLATE_RATIO <= fileBytes : end <= fileBytes;
    }

    /** Whether so many bytes are more than the file's size makes likely, so that they should be seen before memory is taken. */
    boolean doubtful(long end) {
        return compressed && end / 16 > fileBytes + BUFFER;
    }

    /** Bytes handed out or skipped so far. */
    long position() {
        return position;
    }

    /** Reads until the array is full or the data end; how many bytes came. */
    int fill(byte[] target, int length) throws IOException {
        int done = 0;
        try {
            while (done < length) {
                int n = in.read(target, done, length - done);
                if (n < 0) {
                    break;
                }
                done += n;
            }
        } catch (EOFException e) {
            position += done;
            throw cutShort(e);
        } catch (ZipException e) {
            throw new VolumeFormatException(
                    file,
                    "the gzip data are damaged after " + (position + done) + " bytes (" + e.getMessage()
                            + "); copy the file again",
                    e);
        }
        position += done;
        return done;
    }

    /** Moves on to an absolute position; false when the data end before it. */
    boolean skipTo(long target) throws IOException {
        byte[] scratch = new byte[(int) Math.max(0, Math.min(BUFFER, target - position))];
        while (position < target) {
            int want = (int) Math.min(scratch.length, target - position);
            if (fill(scratch, want) < want) {
                return false;
            }
        }
        return true;
    }

    /** Reads on to the end, at most {@code limit} bytes, so that gzip's checksum is looked at. */
    void finish(int limit) throws IOException {
        if (compressed) {
            skipTo(position + limit);
        }
    }

    private VolumeFormatException cutShort(IOException cause) {
        return new VolumeFormatException(
                file,
                "the gzip data break off after " + position + " bytes; the file is cut short, copy it again",
                cause);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
