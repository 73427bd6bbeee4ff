package org.segvol.layers.samediff;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.segvol.weights.TensorSource;

/**
 * The weights as ND4J arrays, each made when it is first asked for and shared by all graphs of an engine. Owns their memory. Used by one
 * thread.
 */
final class SharedArrays implements AutoCloseable {
    private final TensorSource weights;
    private final Map<String, INDArray> arrays = new HashMap<>();

    SharedArrays(TensorSource weights) {
        this.weights = weights;
    }

    INDArray get(String name) {
        INDArray known = arrays.get(name);
        if (known == null) {
            known = load(name);
            arrays.put(name, known);
        }
        return known;
    }

    INDArray reordered(String key, String name, long[] split, int[] order, long[] joined) {
        INDArray known = arrays.get(key);
        if (known == null) {
            try (INDArray stored = load(name)) {
                known = stored.reshape('c', split).permute(order).dup('c').reshape('c', joined);
            }
            arrays.put(key, known);
        }
        return known;
    }

    private INDArray load(String name) {
        long[] shape = weights.tensors().get(name).shape();
        INDArray array = Nd4j.createUninitializedDetached(DataType.FLOAT, shape.length == 0 ? new long[] {1} : shape);
        try {
            weights.read(name, array.data().asNioFloat());
            // a GPU backend does not see writes into the host's copy; without this it computes with what its memory
            // held before
            Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
        } catch (IOException e) {
            array.close();
            throw new UncheckedIOException("the weights' tensor " + name + " cannot be read", e);
        }
        return array;
    }

    @Override
    public void close() {
        for (INDArray array : arrays.values()) {
            if (array.closeable()) {
                array.close();
            }
        }
        arrays.clear();
    }
}
