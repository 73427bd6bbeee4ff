package org.segvol.onednn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.segvol.layers.BlockOrder;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.DType;
import org.segvol.weights.TensorInfo;
import org.segvol.weights.TensorSource;

/**
 * The weights as oneDNN wants them: each packed when it is first asked for and shared by all networks of an engine. Reads a mapped
 * checkpoint where it lies. Owns their memory. Safe for use by several threads.
 */
final class WeightStore implements AutoCloseable {
    private final engine cpu;
    private final TensorSource weights;
    private final NativeArena arena = new NativeArena();
    private final Map<String, List<memory>> matrices = new HashMap<>();
    private final Map<String, View> floats = new HashMap<>();
    private final List<ByteBuffer> mapped = new ArrayList<>(); // keeps the mapped file from being unmapped

    WeightStore(engine cpu, TensorSource weights) {
        this.cpu = cpu;
        this.weights = weights;
    }

    /** A stored tensor's elements in memory. */
    private record Stored(memory.data_type type, BytePointer address) {}

    /** A matrix in a packing; made once. */
    synchronized memory packed(WeightMatrix matrix, memory.desc wanted) {
        String key = matrix.name() + " " + wanted.get_data_type();
        List<memory> known = matrices.computeIfAbsent(key, k -> new ArrayList<>());
        for (memory candidate : known) {
            try (memory.desc form = candidate.get_desc()) {
                if (form.equals(wanted)) {
                    return candidate;
                }
            }
        }
        memory fresh = arena.own(new memory(wanted, cpu));
        try (NativeArena scope = new NativeArena()) {
            Stored stored = stored(matrix.name(), scope);
            long in = matrix.in(), out = matrix.out();
            if (matrix.kind() == WeightMatrix.Kind.LINEAR) {
                copy(new long[] {in, out}, stored, new long[] {1, in}, fresh);
            } else {
                long channels = out / 8;
                Stored plain = new Stored(memory.data_type.f32, scope.allocate(cpu, 4 * in * out));
                memory.desc dense = scope.own(
                        new memory.desc(new long[] {in, 8, channels}, plain.type(), new long[] {out, channels, 1}));
                copy(
                        new long[] {in, 8, channels},
                        stored,
                        new long[] {out, 1, 8},
                        scope.own(new memory(dense, cpu, plain.address())));
                copy(new long[] {in, out}, plain, new long[] {out, 1}, fresh);
            }
        }
        known.add(fresh);
        return fresh;
    }

    private void copy(long[] shape, Stored from, long[] strides, memory to) {
        try (memory.desc form = new memory.desc(shape, from.type(), strides);
                memory source = new memory(form, cpu, from.address());
                reorder move = new reorder(source, to);
                stream queue = new stream(cpu)) {
            move.execute(queue, source, to);
            queue._wait();
        }
    }

    /** A parameter as float32 in its stored order and shape; where it lies in the file if that is float32. */
    synchronized View floats(String name) {
        View known = floats.get(name);
        if (known == null) {
            TensorInfo info = info(name);
            long bytes = 4 * info.elementCount();
            Optional<BytePointer> inPlace = info.dtype() == DType.F32 ? inFile(name) : Optional.empty();
            BytePointer address = inPlace.isPresent() ? inPlace.get() : arena.allocate(cpu, bytes);
            if (inPlace.isEmpty()) {
                read(
                        name,
                        new FloatPointer(address).capacity(info.elementCount()).asBuffer());
            }
            known = View.of(Storage.weights(address, bytes), ElementType.F32, info.shape());
            floats.put(name, known);
        }
        return known;
    }

    /** A parameter as it lies in the file, if it can be used there; otherwise as float32. Not copied, but for odd types. */
    synchronized View table(String name) {
        TensorInfo info = info(name);
        if (info.dtype() == DType.BF16) {
            Optional<BytePointer> inPlace = inFile(name);
            if (inPlace.isPresent()) {
                Storage storage = Storage.weights(inPlace.get(), 2 * info.elementCount());
                return View.of(storage, ElementType.BF16, info.shape());
            }
        }
        return floats(name);
    }

    /** A vector several times after itself, as one row. */
    synchronized View repeatedRow(String name, int times) {
        return floats.computeIfAbsent(name + " x" + times, key -> {
            float[] values = values(name);
            BytePointer address = arena.allocate(cpu, 4L * values.length * times);
            FloatBuffer target = new FloatPointer(address)
                    .capacity((long) values.length * times)
                    .asBuffer();
            for (int i = 0; i < times; i++) {
                target.put(values);
            }
            return View.of(
                    Storage.weights(address, 4L * values.length * times),
                    ElementType.F32,
                    1,
                    (long) values.length * times);
        });
    }

    /** A parameter stored as (C,d,h,w), as (1,N,C) with the voxels in block order. */
    synchronized View inBlockOrder(String name, BlockOrder order) {
        return floats.computeIfAbsent(name + " " + order, key -> {
            float[] stored = values(name);
            int[] raster = order.toRaster();
            int channels = stored.length / raster.length;
            BytePointer address = arena.allocate(cpu, 4L * stored.length);
            FloatBuffer target =
                    new FloatPointer(address).capacity(stored.length).asBuffer();
            float[] row = new float[channels];
            for (int at : raster) {
                for (int c = 0; c < channels; c++) {
                    row[c] = stored[c * raster.length + at];
                }
                target.put(row);
            }
            return View.of(Storage.weights(address, 4L * stored.length), ElementType.F32, 1, raster.length, channels);
        });
    }

    private TensorInfo info(String name) {
        TensorInfo info = weights.tensors().get(name);
        if (info == null) {
            throw new IllegalArgumentException(
                    "the weights have no tensor named " + name + ", which the network needs");
        }
        return info;
    }

    private Stored stored(String name, NativeArena scope) {
        TensorInfo info = info(name);
        memory.data_type type =
                switch (info.dtype()) {
                    case F32 -> memory.data_type.f32;
                    case BF16 -> memory.data_type.bf16;
                    case F16 -> memory.data_type.f16;
                    default -> null;
                };
        if (type != null) {
            Optional<BytePointer> inFile = inFile(name);
            if (inFile.isPresent()) {
                return new Stored(type, inFile.get());
            }
        }
        BytePointer address = scope.allocate(cpu, 4 * info.elementCount());
        read(name, new FloatPointer(address).capacity(info.elementCount()).asBuffer());
        return new Stored(memory.data_type.f32, address);
    }

    /** A tensor's bytes where they lie in a mapped file, if they can be used there. */
    private Optional<BytePointer> inFile(String name) {
        if (!(weights instanceof Checkpoint checkpoint)) {
            return Optional.empty();
        }
        try {
            Optional<ByteBuffer> bytes = checkpoint.bytes(name).filter(ByteBuffer::isDirect);
            if (bytes.isEmpty()) {
                return Optional.empty();
            }
            BytePointer address = arena.own(new BytePointer(bytes.get()));
            if (address.address() % info(name).dtype().bytes() != 0) {
                return Optional.empty(); // an odd offset in the file
            }
            mapped.add(bytes.get());
            return Optional.of(address);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private float[] values(String name) {
        float[] values = new float[Math.toIntExact(info(name).elementCount())];
        read(name, FloatBuffer.wrap(values));
        return values;
    }

    private void read(String name, FloatBuffer target) {
        try {
            weights.read(name, target);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static UncheckedIOException unreadable(String name, IOException cause) {
        return new UncheckedIOException("the weights' tensor " + name + " cannot be read", cause);
    }

    @Override
    public synchronized void close() {
        arena.close();
        matrices.clear();
        floats.clear();
        mapped.clear();
    }
}
