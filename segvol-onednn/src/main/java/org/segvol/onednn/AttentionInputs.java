package org.segvol.onednn;

import org.bytedeco.dnnl.global.dnnl;

/**
 * What attention reads.
 *
 * @param heads number of heads
 * @param q (B,Nq,I)
 * @param k (B,Nk,I)
 * @param v (B,Nk,I)
 * @param bias (B,Nq,Nk), added to the scores of all heads, or null
 */
record AttentionInputs(int heads, View q, View k, View v, View bias) {
    /** With fewer keys, or fewer scores of a head in all, packing costs more than it saves. */
    private static final long PACKED_KEYS = 64, PACKED_BYTES = 512L << 10;

    /** Whether a head's scores are so many that they are made a tile of queries at a time. */
    boolean hasManyScores() {
        return 4 * queries() * keys() > PACKED_BYTES && keys() >= PACKED_KEYS;
    }

    long batch() {
        return q.dim(0);
    }

    long queries() {
        return q.dim(1);
    }

    long keys() {
        return k.dim(1);
    }

    /** The factor of the scores. */
    float scale() {
        return (float) (1 / Math.sqrt((double) q.dim(2) / heads));
    }

    /** How many heads go together: one where products are made directly, else as many as keep all threads busy and divide the heads. */
    long headsTogether(MatrixProducts products, int threads) {
        if (products.multipliesDirectly(q.type())) {
            return 1;
        }
        long together = 1;
        while (heads % together != 0 || together < Math.min(threads, heads)) {
            together++;
        }
        return together;
    }

    /** How many queries make a tile in which a head has no more than so many bytes of scores. */
    long tile(long bytes) {
        return Math.max(1, Math.min(queries(), bytes / (4 * keys())));
    }

    /** Heads {@code from} to {@code to} (exclusive) of one entry of the batch: (heads, N, I/heads) of (B,N,I). */
    View heads(View x, long b, long from, long to) {
        return x.slice(0, b, b + 1).heads(heads).slice(0, from, to);
    }

    /** Adds the bias, if there is one, to scores (heads, queries, Nk) of some queries of one entry of the batch. */
    void addBias(Primitives primitives, View score, long b, long from, long to) {
        if (bias != null) {
            View added = bias.slice(0, b, b + 1).slice(1, from, to);
            primitives.binary(dnnl.algorithm.binary_add, score, added, score);
        }
    }
}
