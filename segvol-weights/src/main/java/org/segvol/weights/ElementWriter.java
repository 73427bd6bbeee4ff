package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Encodes a source's tensors one after the other, little-endian. The memory needed is that of the largest one as float32. */
final class ElementWriter {
    private static final int CHUNK_ELEMENTS = 1 << 18;

    private final TensorSource source;
    private final DType dtype;
    private final int largest;
    private FloatBuffer values;
    private final ByteBuffer chunk =
            ByteBuffer.allocateDirect(CHUNK_ELEMENTS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** Takes encoded bytes. */
    @FunctionalInterface
    interface Sink {
        /** Takes all remaining bytes. */
        void take(ByteBuffer bytes) throws IOException;
    }

    /**
     * A writer.
     *
     * @param dtype F32, F16 or BF16; narrowing rounds to nearest, ties to even
     */
    ElementWriter(TensorSource source, DType dtype) {
        if (dtype != DType.F32 && dtype != DType.F16 && dtype != DType.BF16) {
            throw new IllegalArgumentException("expected F32, F16 or BF16 to write, found " + dtype);
        }
        this.source = source;
        this.dtype = dtype;
        long most = source.tensors().values().stream()
                .mapToLong(TensorInfo::elementCount)
                .max()
                .orElse(0);
        if (most > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a tensor of " + most + " elements is too large to write");
        }
        largest = (int) most;
    }

    /** Encoded bytes of all tensors. */
    long totalBytes() {
        return source.tensors().values().stream().mapToLong(this::bytes).sum();
    }

    /** Encoded bytes of one tensor. */
    long bytes(TensorInfo info) {
        return Math.multiplyExact(info.elementCount(), (long) dtype.bytes());
    }

    /** Reads a tensor from the source and gives its bytes away. */
    void write(TensorInfo info, Sink sink) throws IOException {
        values = values == null ? FloatBuffer.allocate(largest) : values.clear();
        source.read(info.name(), values);
        values.flip();
        if (values.remaining() != info.elementCount()) {
            throw new IllegalArgumentException(info.name() + ": expected " + info.elementCount()
                    + " elements from the source, found " + values.remaining());
        }
        while (values.hasRemaining()) {
            encode(chunk.clear());
            sink.take(chunk.flip());
        }
    }

    /** Moves as many elements as fit one chunk. */
    private void encode(ByteBuffer bytes) {
        int count = Math.min(values.remaining(), CHUNK_ELEMENTS);
        switch (dtype) {
            case F32 -> {
                bytes.asFloatBuffer().put(values.slice(values.position(), count));
                values.position(values.position() + count);
                bytes.position(count * Float.BYTES);
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    bytes.putShort(HalfPrecision.floatToFloat16(values.get()));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    bytes.putShort(HalfPrecision.floatToBfloat16(values.get()));
                }
            }
            default -> throw new IllegalStateException("cannot write " + dtype);
        }
    }
}
