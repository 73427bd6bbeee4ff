package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes a zip file as PyTorch does: entries stored, the bytes of each at a multiple of 64 so that they can be mapped, padded by an extra field
 * {@code FB} of the local header. Entries are written as they come; checksum and size are put into their headers afterwards. Times are those of an
 * empty clock, so the same entries give the same bytes.
 */
final class StoredZip {
    /** Sizes and positions are written in 32 bits. */
    static final long LARGEST = 0xffff_ffffL;

    private static final int ALIGNMENT = 64;
    private static final int LOCAL = 0x0403_4b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL = 0x0201_4b50;
    private static final int CENTRAL_BYTES = 46;
    private static final int END = 0x0605_4b50;
    private static final int END_BYTES = 22;
    private static final int EXTRA_BYTES = 4;
    private static final short PADDING = 0x4246; // "FB"
    private static final short FIRST_DAY = 1 << 5 | 1; // 1 January 1980
    private static final short UTF8 = 1 << 11;

    private final FileChannel channel;
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(byte[] name, long header, long size, int crc32) {}

    StoredZip(FileChannel channel) {
        this.channel = channel;
    }

    /** Writes the bytes of an entry. */
    @FunctionalInterface
    interface Content {
        /** Gives the bytes away, in order. */
        void writeTo(ElementWriter.Sink sink) throws IOException;
    }

    void add(String name, byte[] content) throws IOException {
        add(name, sink -> sink.take(ByteBuffer.wrap(content)));
    }

    void add(String name, Content content) throws IOException {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        long header = channel.position();
        WholeFile.writeFully(channel, local(utf8, header));
        long start = channel.position();
        CRC32 crc = new CRC32();
        content.writeTo(bytes -> {
            crc.update(bytes.duplicate());
            WholeFile.writeFully(channel, bytes);
        });
        long end = channel.position();
        if (end > LARGEST) {
            throw new IllegalArgumentException("a zip file of more than " + LARGEST + " bytes is not written");
        }
        Entry entry = new Entry(utf8, header, end - start, (int) crc.getValue());
        entries.add(entry);
        channel.position(header + 14);
        WholeFile.writeFully(
                channel,
                buffer(12)
                        .putInt(entry.crc32)
                        .putInt((int) entry.size)
                        .putInt((int) entry.size)
                        .flip());
        channel.position(end);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A local header without checksum and sizes. */
    private static ByteBuffer local(byte[] name, long position) {
        long plain = position + LOCAL_BYTES + name.length + EXTRA_BYTES;
        int padding = (int) ((ALIGNMENT - plain % ALIGNMENT) % ALIGNMENT);
        ByteBuffer header = buffer(LOCAL_BYTES + name.length + EXTRA_BYTES + padding);
        header.putInt(0, LOCAL).putShort(4, (short) 10).putShort(6, UTF8).putShort(12, FIRST_DAY);
        header.putShort(26, (short) name.length).putShort(28, (short) (EXTRA_BYTES + padding));
        header.position(LOCAL_BYTES).put(name).putShort(PADDING).putShort((short) padding);
        return header.rewind();
    }

    /** Writes the directory; nothing can be added afterwards. */
    void finish() throws IOException {
        long start = channel.position();
        for (Entry entry : entries) {
            ByteBuffer central = buffer(CENTRAL_BYTES + entry.name.length);
            central.putInt(0, CENTRAL)
                    .putShort(4, (short) 10)
                    .putShort(6, (short) 10)
                    .putShort(8, UTF8);
            central.putShort(14, FIRST_DAY).putInt(16, entry.crc32);
            central.putInt(20, (int) entry.size).putInt(24, (int) entry.size).putShort(28, (short) entry.name.length);
            central.putInt(42, (int) entry.header).position(CENTRAL_BYTES).put(entry.name);
            WholeFile.writeFully(channel, central.rewind());
        }
        long size = channel.position() - start;
        if (channel.position() > LARGEST || entries.size() >= 0xffff) {
            throw new IllegalArgumentException(
                    "a zip file of more than " + LARGEST + " bytes or 65534 entries is not written");
        }
        ByteBuffer end = buffer(END_BYTES);
        end.putInt(0, END).putShort(8, (short) entries.size()).putShort(10, (short) entries.size());
        end.putInt(12, (int) size).putInt(16, (int) start);
        WholeFile.writeFully(channel, end);
    }
}
