package org.segvol.layers.samediff;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.segvol.layers.Op;

/**
 * Parameters of one graph that is to be differentiated: variables where they are trained, else constants. Rows of a table are given from
 * outside, because ND4J's gradient of a gather is wrong.
 */
final class TrainedParameters implements SameDiffParameters {
    private final SameDiff sd;
    private final SharedArrays arrays;
    private final Set<String> trained;
    private final ConstantParameters frozen;
    private final Map<String, SDVariable> variables = new LinkedHashMap<>();
    private final Map<Op.Embedding, SDVariable> rows = new LinkedHashMap<>();
    private final Map<String, SDVariable> reordered = new HashMap<>();

    TrainedParameters(SameDiff sd, SharedArrays arrays, Set<String> trained) {
        this.sd = sd;
        this.arrays = arrays;
        this.trained = trained;
        this.frozen = new ConstantParameters(sd, arrays);
    }

    /** The trained parameters that the graph reads, other than tables, by name. */
    Map<String, SDVariable> variables() {
        return variables;
    }

    /** The placeholders (B,N,C) for rows of tables. */
    Map<Op.Embedding, SDVariable> rows() {
        return rows;
    }

    @Override
    public SDVariable get(String name) {
        if (!trained.contains(name)) {
            return frozen.get(name);
        }
        return variables.computeIfAbsent(name, key -> sd.var(key, arrays.get(key)));
    }

    @Override
    public SDVariable reordered(String name, long[] split, int[] order, long[] joined) {
        if (!trained.contains(name)) {
            return frozen.reordered(name, split, order, joined);
        }
        return reordered.computeIfAbsent(
                name, key -> sd.reshape(sd.permute(sd.reshape(get(key), split), order), joined));
    }

    @Override
    public SDVariable rows(Op.Embedding op, SDVariable ids) {
        SDVariable placeholder =
                sd.placeHolder("rows/" + op.out().id(), DataType.FLOAT, SameDiffEmitter.shape(op.out()));
        rows.put(op, placeholder);
        return placeholder;
    }
}
