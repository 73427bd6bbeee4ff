package org.segvol.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The owner of native objects and memory: whatever it was given or has allocated is freed when it is closed, the last first. Used by one
 * thread at a time.
 */
final class NativeArena implements AutoCloseable {
    private final List<Pointer> owned = new ArrayList<>();

    /** Takes over an object and returns it. */
    <T extends Pointer> T own(T pointer) {
        owned.add(pointer);
        return pointer;
    }

    /**
     * Aligned, uninitialised memory.
     *
     * @throws OutOfMemoryError when the system has not so much
     */
    BytePointer allocate(engine cpu, long bytes) {
        try (memory.desc form =
                new memory.desc(new long[] {Math.max(bytes, 1)}, memory.data_type.u8, memory.format_tag.a)) {
            memory block = own(new memory(form, cpu));
            return own(new BytePointer(block.get_data_handle()));
        } catch (RuntimeException e) { // oneDNN's only reason here
            OutOfMemoryError error =
                    new OutOfMemoryError("oneDNN could not get " + (bytes >> 20) + " MB of native memory");
            error.initCause(e);
            throw error;
        }
    }

    @Override
    public void close() {
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).close();
        }
        owned.clear();
    }
}
