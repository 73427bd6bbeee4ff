package org.segvol.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A stretch of an open file, which several streams can read side by side. Closing it leaves the file open. */
final class FilePart extends InputStream {
    private final FileChannel channel;
    private final long end;
    private long position;

    FilePart(FileChannel channel, long position, long length) {
        this.channel = channel;
        this.position = position;
        this.end = position + length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int want = (int) Math.min(length, end - position);
        int got = want <= 0 ? -1 : channel.read(ByteBuffer.wrap(target, offset, want), position);
        position += Math.max(0, got);
        return got;
    }
}
