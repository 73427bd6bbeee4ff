package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The central directory of a zip file whose entries are stored without compression, so that their bytes can be mapped straight from the
 * file. Zip64 is understood; compressed, encrypted and repeated entries are refused.
 *
 * <p>A zip file says most things twice, and programs that believe different copies see different files. So nothing here is believed that is
 * contradicted elsewhere: the entries, each with a local header that says the same as the directory, must fill the file without gaps up to
 * the directory, and the directory must fill it up to its end record.
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
    private static final int DESCRIPTOR = 0x0807_4b50;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int DESCRIPTOR64_BYTES = 24;
    private static final long MAX_DIRECTORY = 16L << 20;
    /** PyTorch writes one for each storage; the released models have less than 500. */
    private static final int MAX_ENTRIES = 20_000;

    private static final int UNKNOWN16 = 0xffff;
    private static final long UNKNOWN32 = 0xffff_ffffL;
    private static final int FLAG_ENCRYPTED = 1;
    private static final int FLAG_SIZES_FOLLOW = 8;
    private static final int FLAG_UTF8 = 0x800;

    private final MappedFile file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** The bytes of one entry: position and size in the file, and the checksum that the directory gives. */
    record Entry(String name, long position, long size, long crc32) {}

    private record Directory(long position, long size, long count) {}

    /** What both headers of an entry say, and where its local header starts. */
    private record Claim(byte[] name, int flags, long crc32, long size, long header) {}

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
        long locator = end - LOCATOR64_BYTES;
        if (locator >= 0) {
            ByteBuffer record = file.slice(locator, LOCATOR64_BYTES);
            if (record.getInt(0) == LOCATOR64) {
                Directory directory = directory64(record.getLong(8), locator);
                if ((count != UNKNOWN16 && count != directory.count)
                        || (size != UNKNOWN32 && size != directory.size)
                        || (position != UNKNOWN32 && position != directory.position)) {
                    throw error("the zip directory's two end records disagree");
                }
                return directory;
            }
        }
        if (unsigned(tail.getShort(at + 4)) != 0 || unsigned(tail.getShort(at + 8)) != count) {
            throw error("the zip file is one part of several");
        }
        return checked(new Directory(position, size, count), end);
    }

    private Directory directory64(long at, long limit) throws IOException {
        if (at < 0 || at != limit - END64_BYTES) {
            throw error("the zip64 end record does not stand where its locator says");
        }
        ByteBuffer record = file.slice(at, END64_BYTES);
        if (record.getInt(0) != END64) {
            throw error("the zip64 directory is damaged");
        }
        return checked(new Directory(record.getLong(48), record.getLong(40), record.getLong(32)), at);
    }

    private Directory checked(Directory directory, long limit) throws CheckpointException {
        if (directory.count > MAX_ENTRIES) {
            throw error("expected at most " + MAX_ENTRIES + " zip entries, found " + directory.count);
        }
        if (directory.position < 0
                || directory.size < 0
                || directory.size > MAX_DIRECTORY
                || directory.count < 0
                || directory.count > directory.size / CENTRAL_BYTES
                || directory.position != limit - directory.size) {
            throw error("the zip directory does not lie between the entries and its end record");
        }
        return directory;
    }

    private void readDirectory(Directory directory) throws IOException {
        ByteBuffer bytes = file.slice(directory.position, directory.size);
        List<Claim> claims = new ArrayList<>((int) directory.count);
        for (long i = 0; i < directory.count; i++) {
            if (bytes.remaining() < CENTRAL_BYTES || bytes.getInt(bytes.position()) != CENTRAL) {
                throw error("entry " + i + " of the zip directory is damaged");
            }
            claims.add(claim(bytes));
        }
        if (bytes.hasRemaining()) {
            throw error("the zip directory has " + bytes.remaining() + " bytes too many");
        }
        IdentityHashMap<Claim, Long> positions = positions(claims, directory.position);
        for (Claim claim : claims) {
            String name = text(claim);
            Entry entry = new Entry(name, positions.get(claim), claim.size, claim.crc32);
            if (entries.putIfAbsent(name, entry) != null) {
                throw error("the zip entry " + name + " stands twice");
            }
        }
    }

    /** Where each entry's bytes are; entries must follow each other without gaps. */
    private IdentityHashMap<Claim, Long> positions(List<Claim> claims, long directory) throws IOException {
        List<Claim> sorted = new ArrayList<>(claims);
        sorted.sort(Comparator.comparingLong(Claim::header));
        IdentityHashMap<Claim, Long> positions = new IdentityHashMap<>();
        long next = 0;
        for (Claim claim : sorted) {
            if (claim.header != next) {
                throw error("the zip entry " + text(claim) + " starts at byte " + claim.header + ", expected " + next
                        + " (entries must not overlap or leave gaps, where other bytes may hide)");
            }
            long position = data(claim, directory);
            positions.put(claim, position);
            next = afterDescriptor(claim, position + claim.size, directory);
        }
        if (next != directory) {
            throw error("the zip entries end at byte " + next + ", but the directory starts at " + directory
                    + "; other bytes may hide between them");
        }
        return positions;
    }

    private Claim claim(ByteBuffer bytes) throws IOException {
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
        if ((flags & ~(FLAG_SIZES_FOLLOW | FLAG_UTF8)) != 0) {
            throw error(String.format(
                    "the zip entry %s has the flags 0x%x, of which only 0x8 and 0x800 are known here", name, flags));
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
        return new Claim(nameBytes, flags, crc, size, header);
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
    private long data(Claim claim, long limit) throws IOException {
        String name = text(claim);
        int nameLength = claim.name.length;
        if (claim.header < 0 || claim.header > limit - LOCAL_BYTES - nameLength) {
            throw error("the zip entry " + name + " lies outside of the file");
        }
        ByteBuffer local = file.slice(claim.header, LOCAL_BYTES + nameLength);
        byte[] localName = new byte[nameLength];
        local.get(LOCAL_BYTES, localName);
        int extraLength = unsigned(local.getShort(28));
        long position = claim.header + LOCAL_BYTES + nameLength + extraLength;
        if (local.getInt(0) != LOCAL
                || unsigned(local.getShort(6)) != claim.flags
                || local.getShort(8) != 0
                || unsigned(local.getShort(26)) != nameLength
                || !Arrays.equals(localName, claim.name)
                || position > limit
                || !sizesAgree(claim, local, file.slice(position - extraLength, extraLength))) {
            throw error("the zip entry " + name + " has a local header that disagrees with the directory");
        }
        if (claim.size < 0 || claim.size > limit - position) {
            throw error("the zip entry " + name + " of " + claim.size + " bytes lies outside of the file");
        }
        return position;
    }

    /** Whether a local header states the directory's checksum and sizes, or leaves all of them to the descriptor. */
    private boolean sizesAgree(Claim claim, ByteBuffer local, ByteBuffer extra) throws CheckpointException {
        long crc = unsigned(local.getInt(14));
        long compressed = unsigned(local.getInt(18));
        long size = unsigned(local.getInt(22));
        if (size == UNKNOWN32 || compressed == UNKNOWN32) {
            ByteBuffer wide = extra64(extra);
            size = size == UNKNOWN32 ? next(wide, text(claim)) : size;
            compressed = compressed == UNKNOWN32 ? next(wide, text(claim)) : compressed;
        }
        boolean open = (claim.flags & FLAG_SIZES_FOLLOW) != 0;
        return (crc == claim.crc32 || (open && crc == 0))
                && (size == claim.size || (open && size == 0))
                && (compressed == claim.size || (open && compressed == 0));
    }

    /** The position after an entry's descriptor, if it has one; it must agree with the directory. */
    private long afterDescriptor(Claim claim, long position, long limit) throws IOException {
        if ((claim.flags & FLAG_SIZES_FOLLOW) == 0) {
            return position;
        }
        for (int length : new int[] {DESCRIPTOR_BYTES, DESCRIPTOR64_BYTES}) {
            if (position > limit - length) {
                break;
            }
            ByteBuffer bytes = file.slice(position, length);
            boolean wide = length == DESCRIPTOR64_BYTES;
            long compressed = wide ? bytes.getLong(8) : unsigned(bytes.getInt(8));
            long size = wide ? bytes.getLong(16) : unsigned(bytes.getInt(12));
            if (bytes.getInt(0) == DESCRIPTOR
                    && unsigned(bytes.getInt(4)) == claim.crc32
                    && compressed == claim.size
                    && size == claim.size) {
                return position + length;
            }
        }
        throw error("the zip entry " + text(claim) + " has a descriptor that disagrees with the directory");
    }

    private static String text(Claim claim) {
        return new String(claim.name, StandardCharsets.UTF_8);
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
