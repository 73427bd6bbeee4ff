package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The zip container of PyTorch 1.6 and later: in one folder the pickle {@code data.pkl}, each storage's bytes as {@code data/KEY}, and
 * {@code byteorder}.
 */
final class TorchZip {
    private static final long MAX_PICKLE_BYTES = 256L << 20;
    private static final long CHECKSUM_CHUNK = 64L << 20;
    private static final String PICKLE = "data.pkl";

    private final MappedFile file;
    private final Map<String, ZipEntries.Entry> entries;
    private final Set<String> verified = new HashSet<>();
    private final String folder;

    private TorchZip(MappedFile file) throws IOException {
        this.file = file;
        this.entries = ZipEntries.read(file);
        List<String> folders = entries.keySet().stream()
                .filter(name -> name.endsWith("/" + PICKLE) && name.indexOf('/') == name.length() - PICKLE.length() - 1)
                .map(name -> name.substring(0, name.length() - PICKLE.length()))
                .toList();
        if (folders.size() != 1) {
            throw error("expected a zip file written by PyTorch, with one data.pkl; found " + folders.size());
        }
        this.folder = folders.get(0);
    }

    static Contents contents(MappedFile file) throws IOException {
        return new TorchZip(file).read();
    }

    private Contents read() throws IOException {
        ZipEntries.Entry order = entries.get(folder + "byteorder");
        if (order != null && order.size() <= 16) {
            String text = StandardCharsets.US_ASCII.decode(bytes(order)).toString();
            if (!text.equals("little")) {
                throw error("expected little-endian storages, found " + text + "; save the model on another machine");
            }
        }
        if (entries.containsKey(folder + "constants.pkl")) {
            throw error("this is a TorchScript program; expected a saved state_dict()");
        }
        PickleInput in = new PickleInput(file.path(), pickle());
        Object root = Unpickler.load(in, new HashMap<>(), new PickleBudget());
        if (in.position() != entries.get(folder + PICKLE).size()) {
            throw error("bytes follow the pickle's end at byte " + in.position() + "; another one may hide there");
        }
        return TorchState.contents(Checkpoint.Format.TORCH_ZIP, file, root, this::position);
    }

    private ByteBuffer pickle() throws IOException {
        ZipEntries.Entry entry = entries.get(folder + PICKLE);
        if (entry.size() > MAX_PICKLE_BYTES) {
            throw error("the pickle has " + entry.size() + " bytes, more than " + MAX_PICKLE_BYTES);
        }
        verify(entry);
        return bytes(entry);
    }

    private ByteBuffer bytes(ZipEntries.Entry entry) throws IOException {
        return file.slice(entry.position(), entry.size());
    }

    /** Compares the bytes of an entry with its checksum; at several gigabytes a second, much faster than they can be used. */
    private void verify(ZipEntries.Entry entry) throws IOException {
        CRC32 crc = new CRC32();
        for (long done = 0; done < entry.size(); done += CHECKSUM_CHUNK) {
            crc.update(file.slice(entry.position() + done, Math.min(CHECKSUM_CHUNK, entry.size() - done)));
        }
        if (crc.getValue() != entry.crc32()) {
            throw error("the checksum of " + entry.name() + " is wrong; the file is damaged, copy it again");
        }
    }

    private long position(StorageReference storage) throws IOException {
        ZipEntries.Entry entry = entries.get(folder + "data/" + storage.key());
        if (entry == null) {
            throw error("the storage " + storage.key() + " is missing");
        }
        // a division, because the product of a hostile count would overflow
        if (entry.size() / storage.type().bytes() < storage.elements()) {
            throw error("the storage " + storage.key() + " has " + entry.size() + " bytes, expected "
                    + storage.elements() + " elements of " + storage.type().bytes());
        }
        if (verified.add(storage.key())) {
            verify(entry);
        }
        return entry.position();
    }

    private CheckpointException error(String message) {
        return new CheckpointException(file.path(), message);
    }
}
