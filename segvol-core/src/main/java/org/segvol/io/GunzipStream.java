package org.segvol.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The contents of a gzip file (RFC 1952): one member after the other, each checked against its checksum and length. What follows the last
 * member and is none, such as padding, is passed over. Unlike the JDK's own stream it uses no recursion: a chain of empty members cannot
 * overflow the stack.
 */
final class GunzipStream extends InputStream {
    private static final int MAGIC_1 = 0x1f;
    private static final int MAGIC_2 = 0x8b;
    private static final int DEFLATED = 8;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final PushbackInputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] input;
    private int filled;
    private boolean ended;

    /**
     * Reads the first member's header.
     *
     * @throws IOException when there is none
     */
    GunzipStream(InputStream in, int buffer) throws IOException {
        this.in = new PushbackInputStream(in, buffer);
        this.input = new byte[buffer];
        if (!nextMember()) {
            throw new ZipException("not in the gzip format");
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (!ended) {
            int n = inflate(target, offset, length);
            if (n > 0) {
                crc.update(target, offset, n);
                return n;
            }
            if (inflater.finished()) {
                endMember();
                ended = !nextMember();
            } else if (inflater.needsDictionary()) {
                throw new ZipException("a dictionary is needed");
            } else {
                refill();
            }
        }
        return -1;
    }

    private int inflate(byte[] target, int offset, int length) throws ZipException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException e) {
            ZipException damaged = new ZipException(e.getMessage() == null ? "damaged data" : e.getMessage());
            damaged.initCause(e);
            throw damaged;
        }
    }

    private void refill() throws IOException {
        int n = in.read(input, 0, input.length);
        if (n < 0) {
            throw new EOFException();
        }
        filled = n;
        inflater.setInput(input, 0, n);
    }

    /** Compares a member with its trailer. */
    private void endMember() throws IOException {
        int unused = inflater.getRemaining();
        if (unused > 0) {
            in.unread(input, filled - unused, unused);
        }
        long checksum = number(4);
        long bytes = number(4);
        if (checksum != crc.getValue() || bytes != (inflater.getBytesWritten() & 0xffff_ffffL)) {
            throw new ZipException("the checksum or the length is wrong");
        }
    }

    /** Reads the next member's header; false when there is no further member. */
    private boolean nextMember() throws IOException {
        int first = in.read();
        int second = first == MAGIC_1 ? in.read() : -1;
        if (first != MAGIC_1 || second != MAGIC_2) {
            return false;
        }
        if (required() != DEFLATED) {
            throw new ZipException("an unknown compression method");
        }
        int flags = required();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("unknown flags");
        }
        number(6); // time and system
        if ((flags & EXTRA) != 0) {
            for (long left = number(2); left > 0; left--) {
                required();
            }
        }
        for (int texts = Integer.bitCount(flags & (NAME | COMMENT)); texts > 0; texts--) {
            while (required() != 0) {}
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            number(2);
        }
        inflater.reset();
        crc.reset();
        return true;
    }

    private int required() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException();
        }
        return value;
    }

    private long number(int bytes) throws IOException {
        long value = 0;
        for (int n = 0; n < bytes; n++) {
            value |= (long) required() << (8 * n);
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
