package org.segvol.train;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segvol.weights.DType;
import org.segvol.weights.TensorInfo;
import org.segvol.weights.TensorSource;

/** Tensors in memory, perhaps in front of others that supply the rest; to be written as a file. */
final class NamedValues implements TensorSource {
    private final Map<String, TensorInfo> infos = new LinkedHashMap<>();
    private final Map<String, FloatBuffer> values = new LinkedHashMap<>();
    private final TensorSource rest;

    /** No tensors yet. */
    NamedValues() {
        this.rest = null;
    }

    /** The tensors of another source, until {@link #put} replaces them. */
    NamedValues(TensorSource rest, Map<String, TensorInfo> order) {
        this.rest = rest;
        order.forEach((name, info) -> infos.put(name, new TensorInfo(name, DType.F32, info.shape())));
    }

    /** Adds or replaces a tensor. The buffer is read when the tensor is. */
    void put(String name, long[] shape, FloatBuffer data) {
        infos.put(name, new TensorInfo(name, DType.F32, shape));
        values.put(name, data);
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(infos);
    }

    @Override
    public void read(String name, FloatBuffer target) throws IOException {
        FloatBuffer data = values.get(name);
        if (data == null) {
            rest.read(name, target);
        } else {
            target.put(data.duplicate().clear());
        }
    }
}
