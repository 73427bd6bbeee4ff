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

    /**
     * A tensor in C order, widened to float32.
     *
     * @throws IllegalArgumentException when there is no such tensor or it has too many elements for an array
     * @throws IOException when the elements cannot be read
     */
    default float[] read(String name) throws IOException {
        TensorInfo info = tensors().get(name);
        if (info == null) {
            throw new IllegalArgumentException("there is no tensor " + name);
        }
        if (info.elementCount() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(name + " has too many elements for an array: " + info.elementCount());
        }
        FloatBuffer values = FloatBuffer.allocate((int) info.elementCount());
        read(name, values);
        return values.array();
    }
}
