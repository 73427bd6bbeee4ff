package org.segvol.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A cursor over pickled bytes that never leaves them. Longer lengths than the remaining bytes are refused before anything is allocated. */
final class PickleInput {
    /** Longer texts cannot be names; they are passed over. */
    private static final int MAX_TEXT = 1 << 12;

    private static final int MAX_LINE = 1 << 12;

    private final Path file;
    private final ByteBuffer bytes;

    PickleInput(Path file, ByteBuffer bytes) {
        this.file = file;
        this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes read so far. */
    int position() {
        return bytes.position();
    }

    CheckpointException malformed(String message) {
        return new CheckpointException(file, "malformed pickle at byte " + position() + ": " + message);
    }

    int u8() throws CheckpointException {
        require(1);
        return bytes.get() & 0xff;
    }

    int u16() throws CheckpointException {
        require(2);
        return bytes.getShort() & 0xffff;
    }

    int i32() throws CheckpointException {
        require(4);
        return bytes.getInt();
    }

    long u32() throws CheckpointException {
        return i32() & 0xffff_ffffL;
    }

    long i64() throws CheckpointException {
        require(8);
        return bytes.getLong();
    }

    void skip(long count) throws CheckpointException {
        require(count);
        bytes.position(bytes.position() + (int) count);
    }

    byte[] bytes(int count) throws CheckpointException {
        require(count);
        byte[] out = new byte[count];
        bytes.get(out);
        return out;
    }

    /** A text of a given length in bytes; the placeholder when it is too long for a name, or does not obey its encoding. */
    Object text(long length, Charset charset) throws CheckpointException {
        require(length);
        if (length > MAX_TEXT) {
            skip(length);
            return Foreign.PLACEHOLDER;
        }
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(bytes((int) length)))
                    .toString();
        } catch (CharacterCodingException e) {
            return Foreign.PLACEHOLDER; // two different broken names must not become one
        }
    }

    /** The text up to the next line feed, which is consumed; one character a byte, so that different bytes stay different. */
    String line() throws CheckpointException {
        int start = bytes.position();
        for (int length = 0; length <= MAX_LINE; length++) {
            if (u8() == '\n') {
                byte[] line = new byte[length];
                bytes.get(start, line);
                return new String(line, StandardCharsets.ISO_8859_1);
            }
        }
        throw malformed("a line is longer than " + MAX_LINE + " bytes");
    }

    private void require(long count) throws CheckpointException {
        if (count < 0 || count > bytes.remaining()) {
            throw malformed("expected " + count + " more bytes, found " + bytes.remaining());
        }
    }
}
