package org.segvol.layers.samediff;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.segvol.layers.Op;

/** Parameters of one graph as constants over arrays that all graphs of an engine share. */
final class ConstantParameters implements SameDiffParameters {
    private final SameDiff sd;
    private final SharedArrays arrays;
    private final Map<String, SDVariable> constants = new HashMap<>();

    ConstantParameters(SameDiff sd, SharedArrays arrays) {
        this.sd = sd;
        this.arrays = arrays;
    }

    @Override
    public SDVariable get(String name) {
        return constant(name, () -> arrays.get(name));
    }

    @Override
    public SDVariable reordered(String name, long[] split, int[] order, long[] joined) {
        String key = name + "#reordered";
        return constant(key, () -> arrays.reordered(key, name, split, order, joined));
    }

    @Override
    public SDVariable rows(Op.Embedding op, SDVariable ids) {
        return sd.gather(get(op.name()), sd.castTo(ids, DataType.INT32), 0);
    }

    private SDVariable constant(String key, Supplier<INDArray> array) {
        SDVariable known = constants.get(key);
        if (known == null) {
            known = sd.constant(key, array.get());
            constants.put(key, known);
        }
        return known;
    }
}
