package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segvol.files.PlainText;

/**
 * The weights of a SegVol model in any container of spec 6.2, under their canonical names (spec 6.1). The container is found by its
 * content. Tensors are read lazily from a memory-mapped file, which must not change while the checkpoint is open. Pickles are read
 * without instantiating anything.
 *
 * <p>Immutable but for {@link #close()}, and safe for use by several threads.
 */
public final class Checkpoint implements TensorSource, AutoCloseable {
    /** The containers that can be opened. */
    public enum Format {
        /** One safetensors file. */
        SAFETENSORS("safetensors"),
        /** Several safetensors files and an index. */
        SAFETENSORS_SHARDED("sharded safetensors"),
        /** A zip file with a pickle, as PyTorch has written since 1.6. */
        TORCH_ZIP("PyTorch zip"),
        /** A stream of pickles, as PyTorch wrote before 1.6. */
        TORCH_LEGACY("PyTorch before 1.6");

        private final String description;

        Format(String description) {
            this.description = description;
        }

        /** A name for people, such as {@code PyTorch zip}. */
        public String description() {
            return description;
        }
    }

    private final Contents contents;
    private final Map<String, StoredTensor> stored;
    private final Map<String, TensorInfo> infos;
    private final List<String> ignored;
    private String sha256;
    private volatile boolean closed;

    private Checkpoint(Contents contents) throws CheckpointException {
        this.contents = contents;
        this.stored = new LinkedHashMap<>();
        List<String> passedOver = new ArrayList<>(contents.skipped());
        CanonicalNames names = CanonicalNames.of(contents.tensors().keySet());
        for (Map.Entry<String, StoredTensor> entry : contents.tensors().entrySet()) {
            Optional<String> name = names.canonical(entry.getKey());
            if (name.isEmpty()) {
                passedOver.add(entry.getKey() + ": not part of SegVol");
                continue;
            }
            StoredTensor tensor = entry.getValue().named(name.get());
            Optional<String> reason = CanonicalNames.whyUnused(tensor.info());
            if (reason.isPresent()) {
                passedOver.add(entry.getKey() + ": " + reason.get());
            } else if (stored.putIfAbsent(name.get(), tensor) != null) {
                throw new CheckpointException(source(), "two tensors are named " + name.get());
            }
        }
        if (stored.isEmpty()) {
            throw new CheckpointException(
                    source(), "holds no tensor of a SegVol model; found " + ListText.of(passedOver, "nothing"));
        }
        Map<String, TensorInfo> byName = new LinkedHashMap<>();
        stored.forEach((name, tensor) -> byName.put(name, tensor.info()));
        this.infos = Collections.unmodifiableMap(byName);
        this.ignored = passedOver.stream().map(PlainText::of).toList();
    }

    /**
     * Opens a checkpoint: one file, the index of a sharded model, or a folder with one index or exactly one weights file.
     *
     * @throws CheckpointException when the file is malformed or holds no tensor of a SegVol model
     */
    public static Checkpoint open(Path file) throws IOException {
        return of(MappedFile.guarded(file, () -> ContainerReader.open(file)));
    }

    /** Names the tensors of a container, and owns it: when that fails, it is closed. */
    static Checkpoint of(Contents contents) throws IOException {
        try {
            return new Checkpoint(contents);
        } catch (IOException | RuntimeException e) {
            for (MappedFile mapped : contents.mapped()) {
                mapped.close();
            }
            throw e;
        }
    }

    /** The opened file; for a sharded model its index. */
    public Path source() {
        return contents.files().get(0);
    }

    /** All files of the checkpoint: {@link #source()}, and the shards of a sharded model. */
    public List<Path> files() {
        return contents.files();
    }

    /** The container. */
    public Format format() {
        return contents.format();
    }

    /** The model's floating-point tensors by canonical name, in file order. */
    @Override
    public Map<String, TensorInfo> tensors() {
        return infos;
    }

    /** What was skipped, each as {@code key: reason}; keys are those of the file, with control characters escaped. */
    public List<String> ignored() {
        return ignored;
    }

    /** The file's text entries; of a pickle only those that this library writes, whose keys {@link Metadata} has. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(contents.metadata());
    }

    /** Whether all tensors belong to the image encoder, as in ViT_pretrain.ckpt. */
    public boolean imageEncoderOnly() {
        return stored.keySet().stream().allMatch(name -> name.startsWith(CanonicalNames.IMAGE_ENCODER));
    }

    /** Widens a tensor to float32, exactly but for float64, which is rounded. */
    @Override
    public void read(String name, FloatBuffer target) throws IOException {
        StoredTensor tensor = tensor(name);
        MappedFile.guarded(source(), () -> {
            tensor.read(target);
            return name;
        });
    }

    @Override
    public float[] read(String name) throws IOException {
        tensor(name); // refuses closed checkpoints and unknown names with this file's name
        return TensorSource.super.read(name);
    }

    /**
     * A read-only little-endian view of a tensor's bytes in the mapped file, in C order and of its own {@link TensorInfo#dtype()}; empty
     * when they do not lie that way in the file. It stays valid after {@link #close()}.
     */
    public Optional<ByteBuffer> bytes(String name) throws IOException {
        return tensor(name).bytes();
    }

    /** The configuration with no hints: see {@link #config(ConfigHints)}. */
    public ModelConfig config() throws CheckpointException {
        return config(ConfigHints.NONE);
    }

    /**
     * The model's sizes: from the metadata of a file that this library wrote, else from the tensors' shapes. What shapes cannot tell
     * (heads, the patch's shape) comes from the hints, or else is as in the released model: heads of width 64, eight decoder heads,
     * patches of 4 x 16 x 16 voxels.
     *
     * @throws CheckpointException when a needed tensor is missing (its name is in the message) or a hint is needed
     */
    public ModelConfig config(ConfigHints hints) throws CheckpointException {
        String json = contents.metadata().get(Metadata.CONFIG);
        if (json == null) {
            return ConfigDerivation.derive(source(), infos, hints);
        }
        String version = contents.metadata().get(Metadata.FORMAT_VERSION);
        if (!Metadata.FORMAT_VERSION_1.equals(version)) {
            throw new CheckpointException(
                    source(),
                    "the metadata has format version " + version + ", this library reads " + Metadata.FORMAT_VERSION_1
                            + "; update it or convert the original file again");
        }
        return ConfigMetadata.parse(source(), json, hints);
    }

    /**
     * The SHA-256 of the source file as 64 hexadecimal digits; for a sharded model, of the index followed by the shards in the order of
     * their names. Computed by streaming through the files at the first call.
     */
    public synchronized String sha256() throws IOException {
        if (sha256 == null) {
            sha256 = FileHash.sha256(contents.files());
        }
        return sha256;
    }

    private StoredTensor tensor(String name) {
        if (closed) {
            throw new IllegalStateException(source().getFileName() + ": the checkpoint is closed");
        }
        StoredTensor tensor = stored.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(source().getFileName() + ": no tensor is named " + name);
        }
        return tensor;
    }

    /** Releases the files; later reads throw {@link IllegalStateException}. */
    @Override
    public void close() throws IOException {
        closed = true;
        for (MappedFile file : contents.mapped()) {
            file.close();
        }
    }
}
