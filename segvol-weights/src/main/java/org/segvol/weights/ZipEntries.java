package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The central directory of a zip file whose entries are stored without compression, so that their bytes can be mapped straight from the
 * file. Zip64 is understood; compressed, encrypted and repeated entries are refused, and so are entries whose local header disagrees.
 */
final class ZipEntries {
    private static final int END = 0x0605_4b50;
    private static final int END_BYTES = 22;
    private static final int END64 = 0x0606_4b50;
    private static final int END64_BYTES = 56;
    private static final int LOCATOR64 = 0x0706_4b50;
    private static final int LOCATOR64_BYTES = 20;
    private static final int CENTRAL = 0x0201_4b50;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL = 0x0403_4b50;
    private static final int LOCAL_BYTES = 30;
    private static final int MAX_COMMENT = 0xffff;
    private static final long MAX_DIRECTORY = 64L << 20;
    private static final long UNKNOWN32 = 0xffff_ffffL;
    private static final int FLAG_ENCRYPTED = 1;
    private static final int FLAG_SIZES_FOLLOW = 8;

    private final MappedFile file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** The bytes of one entry: position and size in the file, and the checksum that the directory gives. */
    record Entry(String name, long position, long size, long crc32) {}

    private record Directory(long position, long size, long count) {}

    private ZipEntries(MappedFile file) {
        this.file = file;
    }

    /** All entries by name, in the directory's order. */
    static Map<String, Entry> read(MappedFile file) throws IOException {
        ZipEntries zip = new ZipEntries(file);
        zip.readDirectory(zip.findDirectory());
        return zip.entries;
    }

    private Directory findDirectory() throws IOException {
        long length = Math.min(file.size(), END_BYTES + MAX_COMMENT);
        long start = file.size() - length;
        ByteBuffer tail = file.slice(start, length);
        for (int at = (int) length - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END && at + END_BYTES + unsigned(tail.getShort(at + 20)) == length) {
                return directory(tail, at, start + at);
            }
        }
        throw error("the zip directory is missing; the file is truncated or damaged");
    }

    private Directory directory(ByteBuffer tail, int at, long end) throws IOException {
        long count = unsigned(tail.getShort(at + 10));
        long size = unsigned(tail.getInt(at + 12));
        long position = unsigned(tail.getInt(at + 16));
        if (count == 0xffff || size == UNKNOWN32 || position == UNKNOWN32) {
            long locator = end - LOCATOR64_BYTES;
            if (locator >= 0) {
                ByteBuffer record = file.slice(locator, LOCATOR64_BYTES);
                if (record.getInt(0) == LOCATOR64) {
                    return directory64(record.getLong(8), locator);
                }
            }
        }
        return checked(new Directory(position, size, count), end);
    }

    private Directory directory64(long at, long limit) throws IOException {
        if (at < 0 || at > limit - END64_BYTES) {
            throw error("the zip64 directory lies outside of the file");
        }
        ByteBuffer record = file.slice(at, END64_BYTES);
        if (record.getInt(0) != END64) {
            throw error("the zip64 directory is damaged");
        }
        return checked(new Directory(record.getLong(48), record.getLong(40), record.getLong(32)), at);
    }

    private Directory checked(Directory directory, long limit) throws CheckpointException {
        if (directory.position < 0
                || directory.size < 0
                || directory.size > MAX_DIRECTORY
                || directory.count < 0
                || directory.count > directory.size / CENTRAL_BYTES
                || directory.position > limit - directory.size) {
            throw error("the zip directory lies outside of the file");
        }
        return directory;
    }

    private void readDirectory(Directory directory) throws IOException {
        ByteBuffer bytes = file.slice(directory.position, directory.size);
        for (long i = 0; i < directory.count; i++) {
            if (bytes.remaining() < CENTRAL_BYTES || bytes.getInt(bytes.position()) != CENTRAL) {
                throw error("entry " + i + " of the zip directory is damaged");
            }
            Entry entry = entry(bytes, directory.position);
            if (entries.putIfAbsent(entry.name, entry) != null) {
                throw error("the zip entry " + entry.name + " stands twice");
            }
        }
        if (bytes.hasRemaining()) {
            throw error("the zip directory has " + bytes.remaining() + " bytes too many");
        }
    }

    private Entry entry(ByteBuffer bytes, long dataLimit) throws IOException {
        int at = bytes.position();
        int nameLength = unsigned(bytes.getShort(at + 28));
        int extraLength = unsigned(bytes.getShort(at + 30));
        int commentLength = unsigned(bytes.getShort(at + 32));
        int total = CENTRAL_BYTES + nameLength + extraLength + commentLength;
        if (total > bytes.remaining()) {
            throw error("the zip directory ends inside of an entry");
        }
        byte[] nameBytes = new byte[nameLength];
        bytes.get(at + CENTRAL_BYTES, nameBytes);
        String name = new String(nameBytes, StandardCharsets.UTF_8);
        int flags = unsigned(bytes.getShort(at + 8));
        int method = unsigned(bytes.getShort(at + 10));
        if ((flags & FLAG_ENCRYPTED) != 0) {
            throw error("the zip entry " + name + " is encrypted");
        }
        if (method != 0) {
            throw error("the zip entry " + name
                    + " is compressed; expected stored entries, as PyTorch writes them (save the model again)");
        }
        long compressed = unsigned(bytes.getInt(at + 20));
        long size = unsigned(bytes.getInt(at + 24));
        long header = unsigned(bytes.getInt(at + 42));
        if (size == UNKNOWN32 || compressed == UNKNOWN32 || header == UNKNOWN32) {
            ByteBuffer extra = extra64(bytes.slice(at + CENTRAL_BYTES + nameLength, extraLength));
            size = size == UNKNOWN32 ? next(extra, name) : size;
            compressed = compressed == UNKNOWN32 ? next(extra, name) : compressed;
            header = header == UNKNOWN32 ? next(extra, name) : header;
        }
        if (size != compressed) {
            throw error("the zip entry " + name + " has two sizes, " + size + " and " + compressed);
        }
        long crc = unsigned(bytes.getInt(at + 16));
        bytes.position(at + total);
        return new Entry(name, data(name, nameBytes, header, size, dataLimit), size, crc);
    }

    /** The zip64 values among an entry's extra fields; empty when there are none. */
    private static ByteBuffer extra64(ByteBuffer extra) {
        extra.order(ByteOrder.LITTLE_ENDIAN);
        while (extra.remaining() >= 4) {
            int id = unsigned(extra.getShort());
            int length = Math.min(unsigned(extra.getShort()), extra.remaining());
            if (id == 1) {
                return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            }
            extra.position(extra.position() + length);
        }
        return ByteBuffer.allocate(0);
    }

    private long next(ByteBuffer extra, String name) throws CheckpointException {
        if (extra.remaining() < Long.BYTES) {
            throw error("the zip entry " + name + " lacks its 64-bit sizes");
        }
        return extra.getLong();
    }

    /** The position of an entry's bytes, after its local header, which must agree with the directory. */
    private long data(String name, byte[] nameBytes, long header, long size, long limit) throws IOException {
        if (header < 0 || header > limit - LOCAL_BYTES - nameBytes.length) {
            throw error("the zip entry " + name + " lies outside of the file");
        }
        ByteBuffer local = file.slice(header, LOCAL_BYTES + nameBytes.length);
        byte[] localName = new byte[nameBytes.length];
        local.get(LOCAL_BYTES, localName);
        long localSize = unsigned(local.getInt(22));
        boolean sizesFollow = (unsigned(local.getShort(6)) & FLAG_SIZES_FOLLOW) != 0;
        if (local.getInt(0) != LOCAL
                || local.getShort(8) != 0
                || unsigned(local.getShort(26)) != nameBytes.length
                || !Arrays.equals(localName, nameBytes)
                || (!sizesFollow && localSize != size && localSize != UNKNOWN32)) {
            throw error("the zip entry " + name + " has a local header that disagrees with the directory");
        }
        long position = header + LOCAL_BYTES + nameBytes.length + unsigned(local.getShort(28));
        if (size < 0 || position > limit || size > limit - position) {
            throw error("the zip entry " + name + " of " + size + " bytes lies outside of the file");
        }
        return position;
    }

    private static int unsigned(short value) {
        return value & 0xffff;
    }

    private static long unsigned(int value) {
        return value & UNKNOWN32;
    }

    private CheckpointException error(String message) {
        return new CheckpointException(file.path(), message);
    }
}
