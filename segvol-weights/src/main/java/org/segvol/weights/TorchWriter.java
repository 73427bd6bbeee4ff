package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes weights as PyTorch's zip in the layout of SegVol_v1.pth (spec 6.2): a dictionary of {@code model}, an ordered dictionary of tensors under
 * {@code module.} and their canonical names, and {@code epoch}, and text entries. The text encoder's {@code position_ids} are added, because the published program
 * loads strictly. {@code torch.load} reads it, also with {@code weights_only=True}. The same tensors always give the same bytes.
 *
 * <p>Tensors are written one at a time; the memory needed is that of the largest one as float32. The file is written beside its destination, forced
 * to disk and then renamed, so the destination is never half-written.
 */
public final class TorchWriter {
    private static final String FOLDER = "archive/";
    private static final String PREFIX = "module.";
    private static final String POSITION_EMBEDDING = "embeddings.position_embedding.weight";
    private static final String TOKEN_EMBEDDING = "embeddings.token_embedding.weight";
    private static final String POSITION_IDS = "embeddings.position_ids";

    private TorchWriter() {}

    /**
     * Writes all tensors of a source.
     *
     * @param source tensors by canonical name
     * @param dtype F32, F16 or BF16; narrowing rounds to nearest, ties to even
     * @param epoch what the file says about how long the weights were trained, from 0
     * @param metadata text entries beside {@code model} and {@code epoch}, which the published program does not look at; with those of
     *     {@link Converter#metadata(ModelConfig)} this library can tell the model's sizes again
     * @param listener hears the bytes written so far
     * @throws IllegalArgumentException when the file would be larger than 4 GB
     * @throws IOException when reading or writing fails; the destination is then as it was before
     */
    public static void write(
            TensorSource source,
            Path destination,
            DType dtype,
            int epoch,
            Map<String, String> metadata,
            ProgressListener listener)
            throws IOException {
        for (String key : metadata.keySet()) {
            if (!key.startsWith(Metadata.PREFIX)) {
                throw new IllegalArgumentException("metadata keys start with " + Metadata.PREFIX + ", found " + key);
            }
        }
        ElementWriter elements = new ElementWriter(source, dtype);
        long total = elements.totalBytes();
        if (total > StoredZip.LARGEST) {
            throw new IllegalArgumentException(
                    "weights of " + total + " bytes are too large for a PyTorch zip; write safetensors or bf16");
        }
        List<TensorInfo> state = state(source, dtype);
        WholeFile.write(destination, channel -> {
            StoredZip zip = new StoredZip(channel);
            zip.add(FOLDER + "data.pkl", StatePickle.of(state, epoch, metadata));
            zip.add(FOLDER + "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            long done = 0;
            for (int n = 0; n < state.size(); n++) {
                TensorInfo stored = state.get(n);
                if (stored.name().endsWith(POSITION_IDS)) {
                    zip.add(FOLDER + "data/" + n, positions(stored));
                    continue;
                }
                TensorInfo info = source.tensors().get(stored.name().substring(PREFIX.length()));
                zip.add(FOLDER + "data/" + n, sink -> elements.write(info, sink));
                done += elements.bytes(info);
                listener.progress(done, total);
            }
            zip.add(FOLDER + "version", "3\n".getBytes(StandardCharsets.US_ASCII));
            zip.finish();
        });
    }

    /** The state's entries: the source's under their names in the file, and the positions before the token embedding. */
    private static List<TensorInfo> state(TensorSource source, DType dtype) {
        List<TensorInfo> state = new ArrayList<>();
        for (TensorInfo info : source.tensors().values()) {
            if (info.name().endsWith(TOKEN_EMBEDDING)) {
                String stem = info.name().substring(0, info.name().length() - TOKEN_EMBEDDING.length());
                TensorInfo positions = source.tensors().get(stem + POSITION_EMBEDDING);
                if (positions != null) {
                    state.add(new TensorInfo(
                            PREFIX + stem + POSITION_IDS,
                            DType.I64,
                            1,
                            positions.shape()[0]));
                }
            }
            state.add(new TensorInfo(PREFIX + info.name(), dtype, info.shape()));
        }
        return state;
    }

    /** 0, 1, ... */
    private static byte[] positions(TensorInfo info) {
        ByteBuffer bytes =
                ByteBuffer.allocate((int) info.elementCount() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long position = 0; bytes.hasRemaining(); position++) {
            bytes.putLong(position);
        }
        return bytes.array();
    }
}
