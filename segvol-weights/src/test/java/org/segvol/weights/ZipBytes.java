package org.segvol.weights;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Writes zip files field by field, so that every copy of a fact can be made to lie. */
final class ZipBytes {
    static final int DESCRIPTOR_FLAG = 0x8;

    private final List<Entry> entries = new ArrayList<>();
    byte[] prefix = new byte[0];
    byte[] beforeDirectory = new byte[0];
    byte[] beforeEnd = new byte[0];
    byte[] comment = new byte[0];
    byte[] suffix = new byte[0];
    int countChange;
    int sizeChange;
    int positionChange;
    int disk;
    boolean end64;
    long count64Change;
    long size64Change;
    long position64Change;
    long locatorChange;
    boolean hide32;

    /** One entry; what is not changed says the truth. */
    static final class Entry {
        byte[] name;
        byte[] localName;
        byte[] content;
        byte[] localExtra = new byte[0];
        byte[] centralExtra = new byte[0];
        byte[] entryComment = new byte[0];
        byte[] gapAfter = new byte[0];
        int localFlags;
        int centralFlags;
        int localMethod;
        int centralMethod;
        int localCrc;
        int centralCrc;
        int localSize;
        int localCompressed;
        int centralSize;
        int centralCompressed;
        int localSignature = 0x04034b50;
        int centralSignature = 0x02014b50;
        long positionChange;
        boolean inDirectory = true;
        int descriptorBytes;
        int descriptorCrc;
        private long position;

        Entry(String name, byte[] content) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.localName = this.name;
            this.content = content;
            CRC32 crc = new CRC32();
            crc.update(content);
            localCrc = (int) crc.getValue();
            centralCrc = localCrc;
            descriptorCrc = localCrc;
            localSize = content.length;
            localCompressed = content.length;
            centralSize = content.length;
            centralCompressed = content.length;
        }

        /** As PyTorch writes it: sizes and checksum follow the content. */
        Entry withDescriptor(int bytes) {
            descriptorBytes = bytes;
            localFlags |= DESCRIPTOR_FLAG;
            centralFlags |= DESCRIPTOR_FLAG;
            localCrc = 0;
            localSize = 0;
            localCompressed = 0;
            return this;
        }
    }

    Entry add(String name, byte[] content) {
        Entry entry = new Entry(name, content);
        entries.add(entry);
        return entry;
    }

    List<Entry> entries() {
        return entries;
    }

    byte[] bytes() {
        PickleBytes out = new PickleBytes().raw(prefix);
        for (Entry entry : entries) {
            entry.position = out.bytes().length;
            local(out, entry);
        }
        out.raw(beforeDirectory);
        int directory = out.bytes().length;
        int count = 0;
        for (Entry entry : entries) {
            if (entry.inDirectory) {
                central(out, entry);
                count++;
            }
        }
        int size = out.bytes().length - directory;
        out.raw(beforeEnd);
        if (end64) {
            int at = out.bytes().length;
            out.int32(0x06064b50).int64(44).int32(45 << 16 | 45).int64(0);
            out.int64(count + count64Change).int64(count + count64Change);
            out.int64(size + size64Change).int64(directory + position64Change);
            out.int32(0x07064b50).int32(0).int64(at + locatorChange).int32(1);
        }
        out.int32(0x06054b50).int16(disk).int16(disk);
        int count16 = hide32 ? 0xffff : count + countChange;
        out.int16(count16).int16(count16);
        out.int32(hide32 ? -1 : size + sizeChange).int32(hide32 ? -1 : directory + positionChange);
        return out.int16(comment.length).raw(comment).raw(suffix).bytes();
    }

    private static void local(PickleBytes out, Entry entry) {
        out.int32(entry.localSignature)
                .int16(20)
                .int16(entry.localFlags)
                .int16(entry.localMethod)
                .int32(0);
        out.int32(entry.localCrc).int32(entry.localCompressed).int32(entry.localSize);
        out.int16(entry.localName.length).int16(entry.localExtra.length);
        out.raw(entry.localName).raw(entry.localExtra).raw(entry.content);
        if (entry.descriptorBytes > 0) {
            out.int32(0x08074b50).int32(entry.descriptorCrc);
            if (entry.descriptorBytes == 24) {
                out.int64(entry.content.length).int64(entry.content.length);
            } else {
                out.int32(entry.content.length).int32(entry.content.length);
            }
        }
        out.raw(entry.gapAfter);
    }

    private static void central(PickleBytes out, Entry entry) {
        out.int32(entry.centralSignature)
                .int16(20)
                .int16(20)
                .int16(entry.centralFlags)
                .int16(entry.centralMethod);
        out.int32(0).int32(entry.centralCrc).int32(entry.centralCompressed).int32(entry.centralSize);
        out.int16(entry.name.length).int16(entry.centralExtra.length).int16(entry.entryComment.length);
        out.int16(0).int16(0).int32(0).int32((int) (entry.position + entry.positionChange));
        out.raw(entry.name).raw(entry.centralExtra).raw(entry.entryComment);
    }
}
