package org.segvol.weights;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;

/** Named float tensors that can be read one at a time: a checkpoint, a model in training, or a generator. */
public interface TensorSource {
    /** The tensors in this source's order, by name. */
    Map<String, TensorInfo> tensors();

    /**
     * Puts all elements of a tensor, in C order and as float32, at the target's position, and advances it.
     *
     * @throws IllegalArgumentException when there is no such tensor or the target has too little room
     * @throws IOException when the elements cannot be read
     */
    void read(String name, FloatBuffer target) throws IOException;
}
