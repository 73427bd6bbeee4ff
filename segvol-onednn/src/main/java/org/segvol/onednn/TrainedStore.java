package org.segvol.onednn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.dnnl.engine;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.segvol.weights.TensorInfo;
import org.segvol.weights.TensorSource;

/** The parameters that are trained, as float32 in their stored order, in memory that may be written. Owns it. */
final class TrainedStore implements AutoCloseable {
    private final NativeArena arena = new NativeArena();
    private final Map<String, View> views = new LinkedHashMap<>();
    private final Map<String, FloatBuffer> buffers = new LinkedHashMap<>();

    TrainedStore(engine cpu, TensorSource weights, Set<String> trained) {
        for (String name : trained) {
            TensorInfo info = weights.tensors().get(name);
            if (info == null) {
                arena.close();
                throw new IllegalArgumentException("the weights have no parameter " + name + " that could be trained");
            }
            long bytes = 4 * info.elementCount();
            BytePointer address = arena.allocate(cpu, bytes);
            FloatBuffer values =
                    new FloatPointer(address).capacity(info.elementCount()).asBuffer();
            try {
                weights.read(name, values.duplicate());
            } catch (IOException e) {
                arena.close();
                throw new UncheckedIOException("the weights' tensor " + name + " cannot be read", e);
            }
            views.put(name, View.of(Storage.weights(address, bytes), ElementType.F32, info.shape()));
            buffers.put(name, values);
        }
    }

    boolean has(String name) {
        return views.containsKey(name);
    }

    View view(String name) {
        return views.get(name);
    }

    FloatBuffer values(String name) {
        return buffers.get(name);
    }

    @Override
    public void close() {
        arena.close();
        views.clear();
        buffers.clear();
    }
}
