package org.segvol.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.segvol.weights.PickleBytes.Tensor;

/** Writes small files in PyTorch's containers. Element i of every float storage has the value i. */
final class TorchFiles {
    private TorchFiles() {}

    /** A zip file around a pickle that was made with {@code legacy = false}. */
    static Path zip(Path file, byte[] pickle, List<byte[]> storages) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", pickle);
        entries.put("archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < storages.size(); i++) {
            entries.put("archive/data/" + i, storages.get(i));
        }
        return zip(file, entries, ZipEntry.STORED);
    }

    static Path zip(Path file, Map<String, byte[]> entries, int method) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> content : entries.entrySet()) {
                CRC32 crc = new CRC32();
                crc.update(content.getValue());
                ZipEntry entry = new ZipEntry(content.getKey());
                entry.setMethod(method);
                entry.setSize(content.getValue().length);
                entry.setCrc(crc.getValue());
                entry.setTime(0);
                zip.putNextEntry(entry);
                zip.write(content.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    static Path zip(Path file, Map<String, Tensor> state) throws IOException {
        return zip(file, PickleBytes.state(state, false), storages(state));
    }

    /** A file of the older container around a pickle that was made with {@code legacy = true}. */
    static Path legacy(Path file, Map<String, Tensor> state) throws IOException {
        return legacy(file, PickleBytes.state(state, true), storages(state), true);
    }

    static Path legacy(Path file, byte[] pickle, List<byte[]> storages, boolean littleEndian) throws IOException {
        return legacy(file, magicNumber(2), pickle, storages, littleEndian);
    }

    /** The first pickle of the container: PyTorch's magic number. */
    static byte[] magicNumber(int protocol) {
        PickleBytes pickle = new PickleBytes().op(0x80, protocol);
        if (protocol >= 4) {
            pickle.op(0x95).int64(13);
        }
        return pickle.op(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.')
                .bytes();
    }

    static Path legacy(Path file, byte[] magic, byte[] pickle, List<byte[]> storages, boolean littleEndian)
            throws IOException {
        return Files.write(file, legacyBytes(magic, pickle, storages, littleEndian));
    }

    static byte[] legacyBytes(byte[] magic, byte[] pickle, List<byte[]> storages, boolean littleEndian) {
        PickleBytes out = new PickleBytes().raw(magic).op(0x80, 2, 'M', 0xe9, 3, '.');
        out.op(0x80, 2, '}').text("little_endian").op(littleEndian ? 0x88 : 0x89, 's', '.');
        out.raw(pickle).op(0x80, 2, ']', '(');
        for (int i = 0; i < storages.size(); i++) {
            out.text(Integer.toString(i));
        }
        out.op('e', '.');
        for (byte[] storage : storages) {
            out.int64(storage.length / Float.BYTES).raw(storage);
        }
        return out.bytes();
    }

    static List<byte[]> storages(Map<String, Tensor> state) {
        List<byte[]> storages = new ArrayList<>();
        for (Tensor tensor : state.values()) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(tensor.storageElements() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < tensor.storageElements(); i++) {
                bytes.putFloat(i);
            }
            storages.add(bytes.array());
        }
        return storages;
    }
}
