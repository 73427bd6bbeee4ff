package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors files. The same tensors and metadata always give the same bytes. The data begins at a multiple of 64 bytes, and all
 * tensors have one element type, so each is aligned to it.
 *
 * <p>Tensors are written one at a time, in the source's order; the memory needed is that of the largest one as float32. The file is
 * written beside its destination, forced to disk and then renamed, so the destination is never half-written.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 64;

    private final TensorSource source;
    private final DType dtype;
    private final ElementWriter elements;
    private final ProgressListener listener;

    private SafetensorsWriter(TensorSource source, DType dtype, ProgressListener listener) {
        this.source = source;
        this.dtype = dtype;
        this.elements = new ElementWriter(source, dtype);
        this.listener = listener;
    }

    /** Writes without reporting progress; see {@link #write(TensorSource, Path, DType, Map, ProgressListener)}. */
    public static void write(TensorSource source, Path destination, DType dtype, Map<String, String> metadata)
            throws IOException {
        write(source, destination, dtype, metadata, ProgressListener.NONE);
    }

    /**
     * Writes all tensors of a source.
     *
     * @param dtype F32, F16 or BF16; narrowing rounds to nearest, ties to even ({@link HalfPrecision})
     * @param metadata text entries of the header, written in the order of their keys
     * @param listener hears the bytes written so far
     * @throws org.segvol.files.OutputException when writing fails; the destination is then as it was before
     * @throws IOException when reading fails; the same holds
     */
    public static void write(
            TensorSource source, Path destination, DType dtype, Map<String, String> metadata, ProgressListener listener)
            throws IOException {
        new SafetensorsWriter(source, dtype, listener).write(destination, metadata);
    }

    private void write(Path destination, Map<String, String> metadata) throws IOException {
        WholeFile.write(destination, channel -> {
            WholeFile.writeFully(channel, header(metadata));
            long total = elements.totalBytes(), done = 0;
            for (TensorInfo info : source.tensors().values()) {
                elements.write(info, bytes -> WholeFile.writeFully(channel, bytes));
                done += elements.bytes(info);
                listener.progress(done, total);
            }
        });
    }

    private ByteBuffer header(Map<String, String> metadata) {
        Map<String, Object> header = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            header.put(SafetensorsHeader.METADATA, new TreeMap<>(metadata));
        }
        long end = 0;
        for (TensorInfo info : source.tensors().values()) {
            long begin = end;
            end = Math.addExact(begin, elements.bytes(info));
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", dtype.name());
            entry.put("shape", Arrays.stream(info.shape()).boxed().toList());
            entry.put("data_offsets", List.of(begin, end));
            header.put(info.name(), entry);
        }
        byte[] json = JsonText.of(header).getBytes(StandardCharsets.UTF_8);
        int unaligned = SafetensorsHeader.LENGTH_BYTES + json.length;
        int total = (unaligned + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer bytes = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(total - SafetensorsHeader.LENGTH_BYTES).put(json);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' ');
        }
        return bytes.flip();
    }
}
