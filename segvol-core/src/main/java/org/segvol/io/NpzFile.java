package org.segvol.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * The members of an npz file, stored or deflated, by name. Zip64 is understood; encrypted and repeated members are refused.
 *
 * <p>The directory is read here because {@link java.util.zip.ZipFile} tells what is wrong with one in ways that differ from one Java to the next:
 * as {@link IllegalArgumentException} and only when the member is asked for, as an error of the disk, or by waiting for bytes that never come.
 */
final class NpzFile implements Closeable {
    private static final int END = 0x0605_4b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT = 0xffff;
    private static final int LOCATOR64 = 0x0706_4b50;
    private static final int LOCATOR64_BYTES = 20;
    private static final int END64 = 0x0606_4b50;
    private static final int END64_BYTES = 56;
    private static final int CENTRAL = 0x0201_4b50;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL = 0x0403_4b50;
    private static final int LOCAL_BYTES = 30;
    /** A matrix has five members. */
    private static final long MAX_DIRECTORY = 1 << 20;

    private static final int FLAG_ENCRYPTED = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private long directoryPosition;

    /**
     * What the directory says of a member.
     *
     * @param crc32 checksum of its bytes when they are unpacked
     * @param packed how many bytes it takes in the file
     * @param position of its local header
     */
    record Member(String name, int method, long crc32, long packed, long position) {}

    private NpzFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Reads the directory. */
    static NpzFile open(Path file) throws IOException {
        NpzFile npz = new NpzFile(file, FileChannel.open(file));
        try {
            npz.readDirectory();
            return npz;
        } catch (IOException e) {
            npz.close();
            throw e;
        }
    }

    /** A member, or null. */
    Member member(String name) {
        return members.get(name);
    }

    /** A member's bytes, unpacked but not compared with its checksum. Damage is a {@link ZipException} or the end of the bytes. */
    InputStream bytes(Member member) throws IOException {
        byte[] name = member.name.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer local = read(member.position, LOCAL_BYTES + name.length, directoryPosition);
        byte[] localName = new byte[name.length];
        local.get(LOCAL_BYTES, localName);
        long start = member.position + LOCAL_BYTES + name.length + unsigned(local.getShort(28));
        if (local.getInt(0) != LOCAL
                || unsigned(local.getShort(26)) != name.length
                || !Arrays.equals(localName, name)
                || member.packed < 0
                || start > directoryPosition - member.packed) {
            throw new ZipException("the member " + member.name + " is not where the directory says");
        }
        if (member.method == STORED) {
            return new FilePart(channel, start, member.packed);
        }
        Inflater inflater = new Inflater(true);
        // zlib may want one byte behind raw deflated data; the directory's first is there
        return new InflaterInputStream(new FilePart(channel, start, member.packed + 1), inflater, BUFFER) {
            @Override
            public void close() throws IOException {
                inflater.end();
                super.close();
            }
        };
    }

    private void readDirectory() throws IOException {
        long fileBytes = channel.size();
        int length = (int) Math.min(fileBytes, END_BYTES + MAX_COMMENT);
        ByteBuffer tail = read(fileBytes - length, length, fileBytes);
        int at = length - END_BYTES;
        while (at >= 0 && (tail.getInt(at) != END || at + END_BYTES + unsigned(tail.getShort(at + 20)) != length)) {
            at--;
        }
        if (at < 0) {
            throw new ZipException("its directory is missing");
        }
        long end = fileBytes - length + at;
        long count = unsigned(tail.getShort(at + 10));
        long bytes = unsigned(tail.getInt(at + 12));
        directoryPosition = unsigned(tail.getInt(at + 16));
        ByteBuffer locator = end < LOCATOR64_BYTES ? null : read(end - LOCATOR64_BYTES, LOCATOR64_BYTES, end);
        if (locator != null && locator.getInt(0) == LOCATOR64) {
            end = locator.getLong(8);
            ByteBuffer record = read(end, END64_BYTES, fileBytes);
            if (record.getInt(0) != END64) {
                throw new ZipException("its 64-bit end record is missing");
            }
            count = record.getLong(32);
            bytes = record.getLong(40);
            directoryPosition = record.getLong(48);
        }
        if (bytes < 0 || bytes > MAX_DIRECTORY || directoryPosition < 0 || directoryPosition != end - bytes) {
            throw new ZipException("its directory does not lie before its end record");
        }
        readMembers(read(directoryPosition, (int) bytes, fileBytes), count);
    }

    private void readMembers(ByteBuffer directory, long count) throws IOException {
        for (long n = 0; n < count || directory.hasRemaining(); n++) {
            int at = directory.position();
            if (n >= count || directory.remaining() < CENTRAL_BYTES || directory.getInt(at) != CENTRAL) {
                throw new ZipException("entry " + n + " of its directory is damaged");
            }
            int name = unsigned(directory.getShort(at + 28));
            int extra = unsigned(directory.getShort(at + 30));
            int total = CENTRAL_BYTES + name + extra + unsigned(directory.getShort(at + 32));
            if (total > directory.remaining()) {
                throw new ZipException("its directory ends inside of entry " + n);
            }
            Member member = member(directory, at, name, extra);
            if (members.put(member.name, member) != null) {
                throw new ZipException("the member " + member.name + " stands twice");
            }
            directory.position(at + total);
        }
    }

    private Member member(ByteBuffer directory, int at, int nameBytes, int extraBytes) throws IOException {
        byte[] letters = new byte[nameBytes];
        directory.get(at + CENTRAL_BYTES, letters);
        String name = new String(letters, StandardCharsets.ISO_8859_1); // any bytes are a name, which is only compared
        int method = unsigned(directory.getShort(at + 10));
        if ((directory.getShort(at + 8) & FLAG_ENCRYPTED) != 0 || (method != STORED && method != DEFLATED)) {
            throw new VolumeFormatException(
                    file,
                    "the member " + name + " is encrypted or packed by method " + method
                            + ", expected stored or deflated members as scipy.sparse.save_npz writes them");
        }
        long crc32 = unsigned(directory.getInt(at + 16));
        long packed = unsigned(directory.getInt(at + 20));
        long unpacked = unsigned(directory.getInt(at + 24));
        long position = unsigned(directory.getInt(at + 42));
        ByteBuffer wide = wide(directory.slice(at + CENTRAL_BYTES + nameBytes, extraBytes));
        unpacked = wide(unpacked, wide, name);
        packed = wide(packed, wide, name);
        position = wide(position, wide, name);
        if (method == STORED && packed != unpacked) {
            throw new ZipException("the member " + name + " has two sizes, " + packed + " and " + unpacked);
        }
        return new Member(name, method, crc32, packed, position);
    }

    /** The 64-bit values among a member's extra fields. */
    private static ByteBuffer wide(ByteBuffer extra) {
        extra.order(ByteOrder.LITTLE_ENDIAN);
        while (extra.remaining() >= 4) {
            int id = unsigned(extra.getShort());
            int length = Math.min(unsigned(extra.getShort()), extra.remaining());
            if (id == 1) {
                return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            }
            extra.position(extra.position() + length);
        }
        return extra.slice(0, 0);
    }

    private static long wide(long value, ByteBuffer extra, String name) throws ZipException {
        if (value != 0xffff_ffffL) {
            return value;
        }
        if (extra.remaining() < Long.BYTES) {
            throw new ZipException("the member " + name + " lacks its 64-bit sizes");
        }
        return extra.getLong();
    }

    private ByteBuffer read(long position, int length, long limit) throws IOException {
        if (position < 0 || position > limit - length) {
            throw new ZipException("a header lies outside of the file");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        if (new FilePart(channel, position, length).readNBytes(bytes.array(), 0, length) < length) {
            throw new ZipException("it ends inside of a header");
        }
        return bytes;
    }

    private static int unsigned(short value) {
        return value & 0xffff;
    }

    private static long unsigned(int value) {
        return value & 0xffff_ffffL;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
