package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Any safetensors file under its own tensor names, read lazily from a memory-mapped file. For a SegVol model, with canonical names and
 * whatever its container, open a {@link Checkpoint} instead. Safe for use by several threads.
 */
public final class SafetensorsFile implements TensorSource, AutoCloseable {
    private final MappedFile file;
    private final SafetensorsHeader header;
    private final Map<String, TensorInfo> infos;

    private SafetensorsFile(MappedFile file) throws IOException {
        this.file = file;
        this.header = SafetensorsHeader.read(file);
        Map<String, TensorInfo> byName = new LinkedHashMap<>();
        header.tensors().forEach((name, tensor) -> byName.put(name, tensor.info()));
        this.infos = Collections.unmodifiableMap(byName);
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws CheckpointException when it is not a well-formed safetensors file
     */
    public static SafetensorsFile open(Path path) throws IOException {
        MappedFile file = MappedFile.open(path);
        return MappedFile.guarded(path, () -> new SafetensorsFile(file));
    }

    /** All tensors, of any element type, in the order of their bytes. */
    @Override
    public Map<String, TensorInfo> tensors() {
        return infos;
    }

    /** The text entries of the header. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    @Override
    public void read(String name, FloatBuffer target) throws IOException {
        StoredTensor tensor = tensor(name);
        MappedFile.guarded(file.path(), () -> {
            tensor.read(target);
            return name;
        });
    }

    /** The raw little-endian bytes of a tensor of any element type, read-only. */
    public ByteBuffer bytes(String name) throws IOException {
        return tensor(name).bytes().orElseThrow();
    }

    private StoredTensor tensor(String name) {
        StoredTensor tensor = header.tensors().get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(file.path().getFileName() + ": no tensor is named " + name);
        }
        return tensor;
    }

    /** The container's view of this file, for {@link Checkpoint}. */
    static Contents contents(MappedFile file) throws IOException {
        SafetensorsHeader header = SafetensorsHeader.read(file);
        return new Contents(
                Checkpoint.Format.SAFETENSORS,
                List.of(file.path()),
                List.of(file),
                header.tensors(),
                header.metadata(),
                List.of());
    }

    /** Later reads throw {@link IllegalStateException}. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
