package org.segvol.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.segvol.weights.DType;
import org.segvol.weights.SafetensorsFile;
import org.segvol.weights.TensorInfo;

/** Reads golden tensors of any element type through the library's own reader. */
public final class TestTensors implements AutoCloseable {
    private final SafetensorsFile file;

    private TestTensors(SafetensorsFile file) {
        this.file = file;
    }

    /** Opens a safetensors file. */
    public static TestTensors open(Path path) throws IOException {
        return new TestTensors(SafetensorsFile.open(path));
    }

    /** All tensors by name. */
    public Map<String, TensorInfo> tensors() {
        return file.tensors();
    }

    /** Whether there is such a tensor. */
    public boolean has(String name) {
        return file.tensors().containsKey(name);
    }

    /** A tensor's sizes. */
    public long[] shape(String name) {
        return info(name).shape();
    }

    /** Elements in C order: floating-point ones exactly, integers converted. */
    public float[] floats(String name) throws IOException {
        TensorInfo info = info(name);
        float[] values = new float[Math.toIntExact(info.elementCount())];
        if (info.dtype().isFloating()) {
            file.read(name, FloatBuffer.wrap(values));
        } else {
            long[] integers = longs(name);
            for (int i = 0; i < values.length; i++) {
                values[i] = integers[i];
            }
        }
        return values;
    }

    /** Elements of an integer or boolean tensor in C order. */
    public long[] longs(String name) throws IOException {
        TensorInfo info = info(name);
        ByteBuffer bytes = file.bytes(name).order(ByteOrder.LITTLE_ENDIAN);
        long[] values = new long[Math.toIntExact(info.elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = next(bytes, info.dtype());
        }
        return values;
    }

    /** Elements of an integer or boolean tensor in C order; fails when one does not fit. */
    public int[] ints(String name) throws IOException {
        long[] values = longs(name);
        int[] narrow = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = Math.toIntExact(values[i]);
        }
        return narrow;
    }

    private static long next(ByteBuffer bytes, DType dtype) {
        return switch (dtype) {
            case I64, U64 -> bytes.getLong();
            case I32 -> bytes.getInt();
            case U32 -> Integer.toUnsignedLong(bytes.getInt());
            case I16 -> bytes.getShort();
            case U16 -> Short.toUnsignedLong(bytes.getShort());
            case I8 -> bytes.get();
            case U8, BOOL -> Byte.toUnsignedLong(bytes.get());
            case F64, F32, F16, BF16 -> throw new IllegalArgumentException("expected integers, found " + dtype);
        };
    }

    private TensorInfo info(String name) {
        TensorInfo info = file.tensors().get(name);
        if (info == null) {
            throw new IllegalArgumentException("no golden tensor is named " + name);
        }
        return info;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
