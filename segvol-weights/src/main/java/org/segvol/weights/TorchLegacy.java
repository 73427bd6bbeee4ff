package org.segvol.weights;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The container of PyTorch before 1.6, still written on request: five pickles in a row (magic number, protocol version, machine, the
 * object, the storages' keys), then for each key an eight-byte element count and the elements.
 */
final class TorchLegacy {
    /** The magic number as a pickled integer, which every protocol from 2 on writes within the first few bytes. */
    private static final byte[] SIGNATURE = {
        (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
    };

    private static final int SIGNATURE_END = 32;
    private static final int PICKLE_START = 0x80;
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long PROTOCOL = 1001;
    private static final long MAX_PICKLE_BYTES = 256L << 20;

    private final MappedFile file;
    private final Map<String, StorageReference> storages = new HashMap<>();
    private final PickleBudget budget = new PickleBudget();
    private final Map<String, Long> positions = new HashMap<>();

    private TorchLegacy(MappedFile file) {
        this.file = file;
    }

    /** Whether a file's first bytes begin a pickle. */
    static boolean isPickle(ByteBuffer head) {
        return head.remaining() >= 2 && (head.get(0) & 0xff) == PICKLE_START && head.get(1) <= 5;
    }

    /** Whether a file's first bytes are those of this container. */
    static boolean isRecognised(ByteBuffer head) {
        ByteBuffer signature = ByteBuffer.wrap(SIGNATURE);
        int last = Math.min(head.remaining(), SIGNATURE_END) - SIGNATURE.length;
        for (int at = 2; isPickle(head) && at <= last; at++) {
            if (head.slice(at, SIGNATURE.length).equals(signature)) {
                return true;
            }
        }
        return false;
    }

    static Contents contents(MappedFile file) throws IOException {
        return new TorchLegacy(file).read();
    }

    private Contents read() throws IOException {
        PickleInput in = new PickleInput(file.path(), file.slice(0, Math.min(file.size(), MAX_PICKLE_BYTES)));
        if (!MAGIC.equals(load(in))) {
            throw error("expected the magic number of PyTorch");
        }
        Object protocol = load(in);
        if (!Long.valueOf(PROTOCOL).equals(protocol)) {
            throw error("expected the container's protocol version " + PROTOCOL);
        }
        if (load(in) instanceof PickleDict machine
                && Boolean.FALSE.equals(machine.entries().get("little_endian"))) {
            throw error("expected little-endian storages, found big-endian ones; save the model on another machine");
        }
        Object root = load(in);
        if (!(load(in) instanceof List<?> keys)) {
            throw error("expected the list of storage keys after the model");
        }
        locate(keys, in.position());
        return TorchState.contents(Checkpoint.Format.TORCH_LEGACY, file, root, this::position);
    }

    private Object load(PickleInput in) throws CheckpointException {
        return Unpickler.load(in, storages, budget);
    }

    private void locate(List<?> keys, long start) throws IOException {
        long position = start;
        for (Object key : keys) {
            StorageReference storage = key instanceof String ? storages.get(key) : null;
            if (storage == null) {
                throw error("the list of storage keys names one that no tensor uses");
            }
            if (file.size() - position < Long.BYTES) {
                throw error("the storages end too early; the file is truncated");
            }
            long elements = file.slice(position, Long.BYTES).getLong();
            position += Long.BYTES;
            if (elements != storage.elements()
                    || elements > (file.size() - position) / storage.type().bytes()) {
                throw error("the storage " + key + " has " + elements + " elements, expected " + storage.elements()
                        + " and " + (file.size() - position) + " bytes are left; the file is truncated or damaged");
            }
            if (positions.putIfAbsent((String) key, position) != null) {
                throw error("the storage " + key + " stands twice");
            }
            position += elements * storage.type().bytes();
        }
        if (position != file.size()) {
            throw error((file.size() - position) + " bytes follow the last storage; another file may hide there");
        }
    }

    private long position(StorageReference storage) throws CheckpointException {
        Long position = positions.get(storage.key());
        StorageReference first = storages.get(storage.key());
        if (position == null || first.type() != storage.type() || first.elements() != storage.elements()) {
            throw error("the storage " + storage.key() + " is missing or has two types");
        }
        return position;
    }

    private CheckpointException error(String message) {
        return new CheckpointException(file.path(), message);
    }
}
