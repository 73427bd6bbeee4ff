package org.segvol.onednn;

import java.util.HashMap;
import java.util.Map;
import org.segvol.onednn.MatrixProducts.RightFactor;
import org.segvol.onednn.Primitives.Prepared;

/** The softmax of attention's scores, for a tile of queries of some heads at a time. */
final class AttentionShares {
    private final Primitives primitives;
    private final AttentionInputs inputs;
    private final RightFactor key;
    private final Map<Long, Prepared> softmax = new HashMap<>(); // by rows: the last tile may have fewer
    private long entry;
    private View query;

    AttentionShares(Primitives primitives, MatrixProducts products, AttentionInputs inputs) {
        this.primitives = primitives;
        this.inputs = inputs;
        this.key = products.rightFactor(inputs.scale(), false);
    }

    /** Turns to heads {@code from} to {@code to} (exclusive) of one entry of the batch; always as many of them. */
    void take(long b, long from, long to) {
        entry = b;
        query = inputs.heads(inputs.q(), b, from, to);
        key.take(inputs.heads(inputs.k(), b, from, to).exchangeLast());
    }

    /**
     * Adds the work for queries {@code from} to {@code to} (exclusive).
     *
     * @param score (heads, queries, Nk), float32, for the scores
     * @param share of the same shape, for their softmax; it may be {@code score}
     */
    void add(long from, long to, View score, View share) {
        key.multiply(query.slice(1, from, to), score);
        inputs.addBias(primitives, score, entry, from, to);
        Prepared prepared = softmax.computeIfAbsent(to - from, rows -> primitives.prepareSoftmax(score, share));
        primitives.softmax(prepared, score, share);
    }
}
