package org.segvol.onednn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.segvol.layers.BlockOrder;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.DType;
import org.segvol.weights.Extent;
import org.segvol.weights.TensorInfo;
import org.segvol.weights.TensorSource;

/**
 * The weights as oneDNN wants them: each packed when it is first asked for and shared by all networks of an engine. Reads a mapped
 * checkpoint where it lies. Owns their memory. Safe for use by several threads: who asks for what another thread is making waits for it,
 * who asks for something else does not.
 */
final class WeightStore implements AutoCloseable {
    /** From here on a packed matrix, or a product without a primitive, pays. */
    static final long MANY_ROWS = 256;

    private final engine cpu;
    private final TensorSource weights;
    private final boolean packing;
    private final Products products;
    private final RunGate gate = new RunGate("the weight store");
    private final NativeArena arena = new NativeArena(); // guarded by itself
    private final Map<String, List<memory>> matrices = new ConcurrentHashMap<>(); // each list guarded by itself
    private final Map<WeightMatrix, Optional<memory>> inPlace = new ConcurrentHashMap<>();
    private final Map<String, Once> views = new ConcurrentHashMap<>();
    private final List<ByteBuffer> mapped = new ArrayList<>(); // keeps files mapped; guarded by the arena

    /**
     * A store of weights, which must stay open as long as it.
     *
     * @param packing whether to pack what could be used where it lies, for speed
     * @param products what the weights are used for
     */
    WeightStore(engine cpu, TensorSource weights, boolean packing, Products products) {
        this.products = products;
        this.cpu = cpu;
        this.weights = weights;
        this.packing = packing;
    }

    /** How large products with these weights, and between results, are made. */
    Products products() {
        return products;
    }

    /** A stored tensor's elements in memory. */
    private record Stored(memory.data_type type, BytePointer address) {
        /** What lies some elements further on. */
        Stored after(long elements) {
            return new Stored(type, address.getPointer(elements * (type == memory.data_type.f32 ? 4 : 2)));
        }
    }

    /** A view that the first to ask for it makes. */
    private static final class Once {
        private View made;

        synchronized View get(Supplier<View> make) {
            if (made == null) {
                made = make.get();
            }
            return made;
        }
    }

    private View once(String key, Supplier<View> make) {
        return gate.pass(() -> views.computeIfAbsent(key, k -> new Once()).get(make));
    }

    /** A matrix in a packing; made once. */
    memory packed(WeightMatrix matrix, memory.desc wanted) {
        String key = matrix.name() + " " + matrix.first() + " " + wanted.get_data_type();
        return gate.pass(() -> {
            List<memory> known = matrices.computeIfAbsent(key, k -> new ArrayList<>());
            synchronized (known) {
                for (memory candidate : known) {
                    try (memory.desc form = candidate.get_desc()) {
                        if (form.equals(wanted)) {
                            return candidate;
                        }
                    }
                }
                memory fresh = pack(matrix, wanted);
                known.add(fresh);
                return fresh;
            }
        });
    }

    /**
     * A linear layer's matrix where it lies in the file; nothing when it is not mapped, or of another type, or when packing it pays.
     *
     * @param rows that will be multiplied with it at once
     */
    Optional<memory> inPlace(WeightMatrix matrix, ElementType type, long rows) {
        DType stored = info(matrix.name()).dtype();
        if ((packing && rows >= MANY_ROWS)
                || matrix.kind() != WeightMatrix.Kind.LINEAR
                || known(stored) != type.dnnl()) {
            return Optional.empty();
        }
        return gate.pass(
                () -> inPlace.computeIfAbsent(matrix, m -> inFile(m.name()).map(address -> {
                    try (memory.desc form =
                            new memory.desc(new long[] {m.in(), m.out()}, type.dnnl(), new long[] {1, m.in()})) {
                        return own(new memory(form, cpu, address.getPointer(m.offset() * type.bytes())));
                    }
                })));
    }

    /** A matrix (in, out) as float32 that is not packed; a linear layer's where it lies in the file if that is float32. */
    View plain(WeightMatrix matrix) {
        if (matrix.kind() == WeightMatrix.Kind.LINEAR) {
            View stored = floats(matrix.name());
            return new View(
                    stored.storage(),
                    ElementType.F32,
                    matrix.offset(),
                    new long[] {matrix.in(), matrix.out()},
                    new long[] {1, matrix.in()});
        }
        return once(matrix.name() + " plain", () -> {
            long bytes = 4L * matrix.in() * matrix.out();
            try (memory.desc rows = new memory.desc(
                    new long[] {matrix.in(), matrix.out()}, memory.data_type.f32, memory.format_tag.ab)) {
                BytePointer address = new BytePointer(pack(matrix, rows).get_data_handle());
                return View.of(Storage.weights(own(address), bytes), ElementType.F32, matrix.in(), matrix.out());
            }
        });
    }

    private memory pack(WeightMatrix matrix, memory.desc wanted) {
        memory fresh = own(new memory(wanted, cpu));
        try (NativeArena scope = new NativeArena()) {
            Stored stored = stored(matrix.name(), scope);
            long in = matrix.in(), out = matrix.out();
            if (matrix.kind() == WeightMatrix.Kind.LINEAR) {
                copy(new long[] {in, out}, stored.after(matrix.offset()), new long[] {1, in}, fresh);
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
    View floats(String name) {
        return once(name, () -> {
            TensorInfo info = info(name);
            long bytes = 4 * info.elementCount();
            Optional<BytePointer> inPlace = info.dtype() == DType.F32 ? inFile(name) : Optional.empty();
            BytePointer address = inPlace.isPresent() ? inPlace.get() : allocate(bytes);
            if (inPlace.isEmpty()) {
                read(
                        name,
                        new FloatPointer(address).capacity(info.elementCount()).asBuffer());
            }
            return View.of(Storage.weights(address, bytes), ElementType.F32, info.shape());
        });
    }

    /** A parameter as it lies in the file, if it can be used there; otherwise as float32. Not copied, but for odd types. */
    View table(String name) {
        TensorInfo info = info(name);
        if (info.dtype() == DType.BF16) {
            Optional<BytePointer> inPlace = gate.pass(() -> inFile(name));
            if (inPlace.isPresent()) {
                Storage storage = Storage.weights(inPlace.get(), 2 * info.elementCount());
                return View.of(storage, ElementType.BF16, info.shape());
            }
        }
        return floats(name);
    }

    /** A vector several times after itself, as one row. */
    View repeatedRow(String name, int times) {
        return once(name + " x" + times, () -> {
            float[] values = values(name);
            long bytes = 4L * values.length * times;
            BytePointer address = allocate(bytes);
            FloatBuffer target = new FloatPointer(address)
                    .capacity((long) values.length * times)
                    .asBuffer();
            for (int i = 0; i < times; i++) {
                target.put(values);
            }
            return View.of(Storage.weights(address, bytes), ElementType.F32, 1, (long) values.length * times);
        });
    }

    /** A parameter stored as (C,d,h,w), as (1,N,C) with the voxels in block order. */
    View inBlockOrder(String name, BlockOrder order) {
        return once(name + " " + order, () -> {
            Extent fine = order.fine();
            long voxels = fine.count(), channels = info(name).elementCount() / voxels;
            View blocks = View.of(null, ElementType.F32, channels, fine.d(), fine.h(), fine.w())
                    .blocks(order);
            BytePointer address = allocate(4 * voxels * channels);
            View result =
                    View.of(Storage.weights(address, 4 * voxels * channels), ElementType.F32, 1, voxels, channels);
            try (NativeArena scope = new NativeArena()) {
                memory.desc dense = scope.own(result.reshape(blocks.shape()).describe());
                copy(blocks.shape(), stored(name, scope), blocks.strides(), scope.own(new memory(dense, cpu, address)));
            }
            return result;
        });
    }

    private <T extends Pointer> T own(T pointer) {
        synchronized (arena) {
            return arena.own(pointer);
        }
    }

    private BytePointer allocate(long bytes) {
        synchronized (arena) {
            return arena.allocate(cpu, bytes);
        }
    }

    private TensorInfo info(String name) {
        TensorInfo info = weights.tensors().get(name);
        if (info == null) {
            throw new IllegalArgumentException(
                    "the weights have no tensor named " + name + ", which the network needs");
        }
        return info;
    }

    /** oneDNN's name of a type; null for one that it does not know. */
    private static memory.data_type known(DType type) {
        return switch (type) {
            case F32 -> memory.data_type.f32;
            case BF16 -> memory.data_type.bf16;
            case F16 -> memory.data_type.f16;
            default -> null;
        };
    }

    private Stored stored(String name, NativeArena scope) {
        TensorInfo info = info(name);
        memory.data_type type = known(info.dtype());
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
            BytePointer address = own(new BytePointer(bytes.get()));
            if (address.address() % info(name).dtype().bytes() != 0) {
                return Optional.empty(); // an odd offset in the file
            }
            synchronized (arena) {
                mapped.add(bytes.get());
            }
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
    public void close() {
        gate.close(() -> {
            arena.close();
            matrices.clear();
            inPlace.clear();
            views.clear();
            mapped.clear();
        });
    }
}
