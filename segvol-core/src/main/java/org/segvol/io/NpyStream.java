package org.segvol.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** The elements of an npy array one after the other, as they lie in the file. What is in memory does not depend on what a header claims. */
final class NpyStream {
    private static final int CHUNK_ELEMENTS = 1 << 13;

    private final InputStream in;
    private final Path file;
    private final String what;
    private final NpyHeader header;
    private final long count;
    private final ByteBuffer chunk;
    private long fetched;

    /**
     * Reads the header.
     *
     * @param what the array in messages, such as {@code indices.npy}
     */
    NpyStream(InputStream in, Path file, String what) throws IOException {
        this.in = in;
        this.file = file;
        this.what = what;
        this.header = NpyHeader.read(in, file, what);
        this.count = header.count();
        this.chunk = ByteBuffer.allocate(CHUNK_ELEMENTS * header.type().bytes())
                .order(header.type().order())
                .flip();
    }

    NpyHeader header() {
        return header;
    }

    /** How many elements the header announces. */
    long count() {
        return count;
    }

    double nextDouble() throws IOException {
        return header.type().nextDouble(available());
    }

    long nextLong() throws IOException {
        return header.type().nextLong(available());
    }

    /** The next three characters of an array of text. */
    String nextText() throws IOException {
        byte[] text = new byte[header.type().bytes()];
        available().get(text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private ByteBuffer available() throws IOException {
        if (!chunk.hasRemaining()) {
            int want = (int) Math.min(CHUNK_ELEMENTS, count - fetched)
                    * header.type().bytes();
            int got = fill(want);
            if (want == 0 || got < want) {
                throw new VolumeFormatException(
                        file,
                        what + " announces " + count + " elements but ends after "
                                + (fetched + got / header.type().bytes()) + "; the file is cut short, copy it again");
            }
            fetched += want / header.type().bytes();
            chunk.position(0).limit(got);
        }
        return chunk;
    }

    private int fill(int want) throws IOException {
        try {
            return in.readNBytes(chunk.array(), 0, want);
        } catch (EOFException | ZipException e) {
            throw new VolumeFormatException(
                    file, what + " is damaged (" + e.getMessage() + "); copy the file again", e);
        }
    }
}
