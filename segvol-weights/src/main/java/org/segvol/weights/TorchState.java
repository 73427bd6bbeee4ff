package org.segvol.weights;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the model's tensors in an unpickled checkpoint, and where their bytes are. */
final class TorchState {
    /** Keys under which training programs keep the model's state, the first one found wins (spec 6.2). */
    private static final List<String> STATE_KEYS = List.of("model", "model_state_dict", "state_dict");

    /** The released models have less than 500 tensors. */
    private static final int MAX_ENTRIES = 10_000;
    /** Shared weights may stand under two names, but a file cannot hold many times its size. */
    private static final int MAX_SHARING = 2;

    private final MappedFile file;
    private final StorageLocator locator;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<String> skipped = new ArrayList<>();
    private long bytes;

    /** Tells where a storage begins in the file. */
    @FunctionalInterface
    interface StorageLocator {
        /** The position of a storage that is completely inside of the file. */
        long position(StorageReference storage) throws IOException;
    }

    private TorchState(MappedFile file, StorageLocator locator) {
        this.file = file;
        this.locator = locator;
    }

    /** The contents of a file whose pickle gave {@code root}. */
    static Contents contents(Checkpoint.Format format, MappedFile file, Object root, StorageLocator locator)
            throws IOException {
        TorchState state = new TorchState(file, locator);
        state.collect(root);
        return new Contents(format, List.of(file.path()), List.of(file), state.tensors, state.metadata, state.skipped);
    }

    private void collect(Object root) throws IOException {
        if (!(root instanceof PickleDict dict)) {
            throw new CheckpointException(
                    file.path(),
                    "expected a dictionary of tensors, found another pickled object; save the model's state_dict()");
        }
        requireFew(dict);
        PickleDict state = dict;
        for (String key : STATE_KEYS) {
            if (dict.entries().get(key) instanceof PickleDict inner) {
                state = inner;
                dict.entries().forEach((other, value) -> {
                    if (other.startsWith(Metadata.PREFIX) && value instanceof String text) {
                        metadata.put(other, text);
                    } else if (!other.equals(key)) {
                        skipped.add(other + ": not the model's state");
                    }
                });
                break;
            }
        }
        requireFew(state);
        for (Map.Entry<String, Object> entry : state.entries().entrySet()) {
            if (entry.getValue() instanceof TensorReference tensor) {
                collect(entry.getKey(), tensor);
            } else {
                skipped.add(entry.getKey() + ": not a tensor");
            }
        }
    }

    private void requireFew(PickleDict dict) throws CheckpointException {
        int entries = dict.entries().size();
        if (entries > MAX_ENTRIES) {
            throw new CheckpointException(
                    file.path(), "expected at most " + MAX_ENTRIES + " entries in a dictionary, found " + entries);
        }
    }

    private void collect(String name, TensorReference tensor) throws IOException {
        if (tensor.dtype().isEmpty()) {
            skipped.add(name + ": its element type is not supported");
            return;
        }
        DType dtype = tensor.dtype().get();
        StorageReference storage = tensor.storage();
        long width = storage.type().bytes();
        // an untyped storage counts bytes, and its tensors bring their own type
        long position = locator.position(storage) + storage.viewStart() * width;
        long elements = storage.viewElements() * width / dtype.bytes();
        StoredTensor found = new StoredTensor(
                file, name, dtype, longs(tensor.shape()), longs(tensor.strides()), position, elements, tensor.offset());
        bytes += found.byteCount();
        if (bytes > MAX_SHARING * file.size()) {
            throw new CheckpointException(
                    file.path(),
                    "the tensors take more than " + MAX_SHARING + " times the file's " + file.size()
                            + " bytes: too many views of the same storage");
        }
        tensors.put(name, found);
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
