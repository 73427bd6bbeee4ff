package org.segvol.onednn;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/** Memory for one run at a time of a compiled network, and the network's operations bound to it. Owns what it allocates. */
final class Execution implements AutoCloseable {
    private final NativeArena arena = new NativeArena();
    private final engine cpu;
    private final stream queue;
    private final BytePointer constants;
    private final BytePointer own;
    private final List<Step> steps = new ArrayList<>();
    private final IdentityHashMap<View, memory> memories = new IdentityHashMap<>(); // while operations are bound

    /**
     * Binds operations.
     *
     * @param constants the network's constants, not owned
     * @param bytes of memory for this execution
     */
    Execution(engine cpu, BytePointer constants, long bytes, List<Operation> operations) {
        this.cpu = cpu;
        this.constants = constants;
        try {
            this.queue = arena.own(new stream(cpu));
            this.own = arena.allocate(cpu, bytes);
            for (Operation operation : operations) {
                steps.add(operation.bind(this));
            }
            memories.clear();
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** Runs all operations and waits for them. */
    void run() {
        for (Step step : steps) {
            step.run(queue);
        }
        queue._wait();
    }

    /** Runs the operations from one index to another (exclusive) and waits for them. */
    void run(int from, int to) {
        for (int i = from; i < to; i++) {
            steps.get(i).run(queue);
        }
        queue._wait();
    }

    /** As {@link #run}, but waits after each operation. */
    long[] runTimed() {
        long[] nanoseconds = new long[steps.size()];
        for (int i = 0; i < nanoseconds.length; i++) {
            long start = System.nanoTime();
            steps.get(i).run(queue);
            queue._wait();
            nanoseconds[i] = System.nanoTime() - start;
        }
        return nanoseconds;
    }

    /** Where a view's first element lies. The pointer may be moved by the caller; it owns nothing. */
    BytePointer pointer(View view) {
        Storage storage = view.storage();
        BytePointer base =
                switch (storage.place()) {
                    case WEIGHTS -> storage.address();
                    case CONSTANTS -> constants;
                    case EXECUTION -> own;
                };
        long at = (storage.place() == Storage.Place.WEIGHTS ? 0 : storage.offset()) + view.offsetBytes();
        return base.getPointer(at);
    }

    /** The view as oneDNN memory, owned by this execution; one for each view. */
    memory memory(View view) {
        return memories.computeIfAbsent(view, v -> {
            try (memory.desc form = v.describe()) {
                return arena.own(new memory(form, cpu, pointer(v)));
            }
        });
    }

    /** A view's place as oneDNN memory with another layout, always the same for it; owned by this execution, one for each view. */
    memory memory(View place, memory.desc layout) {
        return memories.computeIfAbsent(place, p -> arena.own(new memory(layout, cpu, pointer(p))));
    }

    /** An empty argument list, owned by this execution. */
    IntMemoryMap arguments() {
        return arena.own(new IntMemoryMap());
    }

    /** The elements of a dense float32 view. */
    FloatBuffer floats(View view) {
        FloatPointer pointer = floatPointer(view);
        return pointer.asBuffer();
    }

    /** The elements of a dense float32 view. */
    FloatPointer floatPointer(View view) {
        if (!view.dense() || view.type() != ElementType.F32) {
            throw new IllegalArgumentException("expected a dense float32 tensor, found " + view);
        }
        return new FloatPointer(pointer(view)).capacity(view.count());
    }

    @Override
    public void close() {
        arena.close();
    }
}
