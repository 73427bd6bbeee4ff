package org.segvol.onednn;

import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencl.Pfn_notify__cl_mem_Pointer;
import org.bytedeco.opencl._cl_mem;

/**
 * The number of threads that oneDNN uses. It runs on OpenMP, which keeps that number for each calling thread and has no Java interface:
 * {@code omp_set_num_threads} is found in the loaded runtime and called through a function pointer type whose first argument is passed in
 * the same register. Owns a little native memory.
 */
final class OpenMpThreads implements AutoCloseable {
    private final int count;
    private final NativeArena arena = new NativeArena();
    private final Setter setter;
    private final _cl_mem argument;

    private OpenMpThreads(int count, Pointer function) {
        this.count = count;
        this.setter = new Setter(arena.own(new LongPointer(function.address(), 0)));
        this.argument = new _cl_mem(new FakeAddress(count));
    }

    /**
     * A number of threads.
     *
     * @param requested 0 for as many as there are cores
     * @throws IllegalArgumentException when the OpenMP runtime cannot be told
     */
    static OpenMpThreads of(int requested) {
        for (Map.Entry<String, String> library : Loader.getLoadedLibraries().entrySet()) {
            if (library.getKey().contains("omp")) {
                Loader.loadGlobal(library.getValue()); // makes its functions known to addressof
            }
        }
        Pointer function = Loader.addressof("omp_set_num_threads");
        if (function == null) {
            throw new IllegalArgumentException(
                    "the OpenMP library that oneDNN uses here has no omp_set_num_threads;" + " choose another engine");
        }
        int cores = Math.min(Loader.totalCores(), Runtime.getRuntime().availableProcessors());
        return new OpenMpThreads(requested > 0 ? requested : Math.max(1, cores), function);
    }

    int count() {
        return count;
    }

    /** Makes oneDNN use this number of threads when it is called by the present thread. */
    void useHere() {
        setter.call(argument, null);
    }

    @Override
    public void close() {
        arena.close();
    }

    /** Calls the function whose address is the first word of a cell. */
    private static final class Setter extends Pfn_notify__cl_mem_Pointer {
        Setter(LongPointer cell) {
            super(cell);
        }
    }

    /** A number in the place of an address. */
    private static final class FakeAddress extends Pointer {
        FakeAddress(int value) {
            address = value;
        }
    }
}
