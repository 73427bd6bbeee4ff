package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.segvol.files.OutputException;

/**
 * Writes safetensors files. The same tensors and metadata always give the same bytes. The data begins at a multiple of 64 bytes, and all
 * tensors have one element type, so each is aligned to it.
 *
 * <p>Tensors are written one at a time, in the source's order; the memory needed is that of the largest one as float32. The file is
 * written beside its destination, forced to disk and then renamed, so the destination is never half-written.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 64;
    private static final int CHUNK_ELEMENTS = 1 << 18;

    private final TensorSource source;
    private final DType dtype;
    private final ProgressListener listener;

    private SafetensorsWriter(TensorSource source, DType dtype, ProgressListener listener) {
        if (dtype != DType.F32 && dtype != DType.F16 && dtype != DType.BF16) {
            throw new IllegalArgumentException("expected F32, F16 or BF16 to write, found " + dtype);
        }
        this.source = source;
        this.dtype = dtype;
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
     * @throws OutputException when writing fails; the destination is then as it was before
     * @throws IOException when reading fails; the same holds
     */
    public static void write(
            TensorSource source, Path destination, DType dtype, Map<String, String> metadata, ProgressListener listener)
            throws IOException {
        new SafetensorsWriter(source, dtype, listener).write(destination, metadata);
    }

    private void write(Path destination, Map<String, String> metadata) throws IOException {
        Path target = destination.toAbsolutePath();
        if (target.getParent() == null || !Files.isDirectory(target.getParent())) {
            throw new OutputException(destination, new NoSuchFileException(target.toString()));
        }
        // not Files.createTempFile, whose files only their owner may read
        String suffix = "." + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".part";
        Path temporary = target.resolveSibling(target.getFileName() + suffix);
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                writeFully(channel, header(metadata));
                writeTensors(channel);
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (CheckpointException e) {
            throw e; // the source's fault
        } catch (IOException e) {
            throw new OutputException(destination, e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private ByteBuffer header(Map<String, String> metadata) {
        Map<String, Object> header = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            header.put(SafetensorsHeader.METADATA, new TreeMap<>(metadata));
        }
        long end = 0;
        for (TensorInfo info : source.tensors().values()) {
            long begin = end;
            end = Math.addExact(begin, Math.multiplyExact(info.elementCount(), (long) dtype.bytes()));
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

    private void writeTensors(FileChannel channel) throws IOException {
        long total = 0;
        long largest = 0;
        for (TensorInfo info : source.tensors().values()) {
            total += info.elementCount() * dtype.bytes();
            largest = Math.max(largest, info.elementCount());
        }
        if (largest > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a tensor of " + largest + " elements is too large to write");
        }
        FloatBuffer values = FloatBuffer.allocate((int) largest);
        ByteBuffer chunk =
                ByteBuffer.allocateDirect(CHUNK_ELEMENTS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long done = 0;
        for (TensorInfo info : source.tensors().values()) {
            source.read(info.name(), values.clear());
            values.flip();
            if (values.remaining() != info.elementCount()) {
                throw new IllegalArgumentException(info.name() + ": expected " + info.elementCount()
                        + " elements from the source, found " + values.remaining());
            }
            while (values.hasRemaining()) {
                encode(values, chunk.clear());
                writeFully(channel, chunk.flip());
            }
            done += info.elementCount() * dtype.bytes();
            listener.progress(done, total);
        }
    }

    /** Moves as many elements as fit one chunk. */
    private void encode(FloatBuffer values, ByteBuffer chunk) {
        int count = Math.min(values.remaining(), CHUNK_ELEMENTS);
        switch (dtype) {
            case F32 -> {
                chunk.asFloatBuffer().put(values.slice(values.position(), count));
                values.position(values.position() + count);
                chunk.position(count * Float.BYTES);
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    chunk.putShort(HalfPrecision.floatToFloat16(values.get()));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    chunk.putShort(HalfPrecision.floatToBfloat16(values.get()));
                }
            }
            default -> throw new IllegalStateException("cannot write " + dtype);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
