package org.segvol.onednn;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.segvol.onednn.MatrixProducts.RightFactor;
import org.segvol.onednn.Primitives.Prepared;

/**
 * Gradients of attention that has many scores, a tile of queries at a time. Scores and their softmax are computed again for each tile: that is one
 * product more than if they had been kept, and a few megabytes instead of four bytes for each pair of query and key of each head and layer.
 */
final class AttentionGradient {
    /** Scores of a head in one tile, in bytes; their gradients take as much. */
    private static final long TILE_BYTES = 2L << 20;

    private final Primitives primitives;
    private final GradientPrimitives reverse;
    private final MatrixProducts products;
    private final PlanBuilder plan;
    private final int threads;
    private final AttentionInputs inputs;

    /**
     * Gradients of attention.
     *
     * @param threads that the network will have
     */
    AttentionGradient(
            Primitives primitives,
            GradientPrimitives reverse,
            MatrixProducts products,
            PlanBuilder plan,
            int threads,
            AttentionInputs inputs) {
        this.primitives = primitives;
        this.reverse = reverse;
        this.products = products;
        this.plan = plan;
        this.threads = threads;
        this.inputs = inputs;
    }

    /**
     * Adds to gradients.
     *
     * @param upstream gradient of the result (B,Nq,I), dense
     * @param ofQ what is added to, or null for nothing; likewise the others
     */
    void add(View upstream, View ofQ, View ofK, View ofV) {
        long queries = inputs.queries(), keys = inputs.keys(), heads = inputs.heads();
        long tile = inputs.tile(TILE_BYTES), together = inputs.headsTogether(products, threads);
        long width = upstream.dim(2) / heads;
        Storage first = plan.temporary(4 * together * tile * keys), second = plan.temporary(4 * together * tile * keys);
        View sumK = View.of(plan.temporary(4 * together * width * keys), ElementType.F32, together, width, keys);
        View sumV = View.of(plan.temporary(4 * together * width * keys), ElementType.F32, together, width, keys);
        Map<Long, Prepared> softmax = new HashMap<>(); // by rows: the last tile may have fewer
        RightFactor toShares = products.rightFactor(inputs.scale(), false), toScores = products.rightFactor(1, false);
        RightFactor toQueries = products.rightFactor(inputs.scale(), true);
        for (long b = 0; b < inputs.batch(); b++) {
            for (long head = 0; head < heads; head += together) {
                long next = head + together;
                View query = inputs.heads(inputs.q(), b, head, next), key = inputs.heads(inputs.k(), b, head, next);
                View value = inputs.heads(inputs.v(), b, head, next), result = inputs.heads(upstream, b, head, next);
                toShares.take(key.exchangeLast());
                toScores.take(value.exchangeLast());
                toQueries.take(key);
                for (long at = 0; at < queries; at += tile) {
                    long end = Math.min(queries, at + tile);
                    boolean added = at > 0;
                    View share = View.of(first, ElementType.F32, together, end - at, keys);
                    View score = View.of(second, ElementType.F32, together, end - at, keys);
                    View part = query.slice(1, at, end), above = result.slice(1, at, end);
                    toShares.multiply(part, share);
                    if (inputs.bias() != null) {
                        View masked = inputs.biasOf(b, at, end);
                        primitives.binary(dnnl.algorithm.binary_add, share, masked, share);
                    }
                    primitives.softmax(
                            softmax.computeIfAbsent(end - at, rows -> primitives.prepareSoftmax(share, share)),
                            share,
                            share);
                    if (ofV != null) {
                        products.product(above.exchangeLast(), share, null, sumV, 1, added);
                    }
                    if (ofQ == null && ofK == null) {
                        continue;
                    }
                    toScores.multiply(above, score);
                    reverse.softmax(share, score, score);
                    if (ofQ != null) {
                        toQueries.multiply(
                                score, inputs.heads(ofQ, b, head, next).slice(1, at, end));
                    }
                    if (ofK != null) {
                        products.product(part.exchangeLast(), score, null, sumK, inputs.scale(), added);
                    }
                }
                if (ofV != null) {
                    primitives.addTo(sumV.exchangeLast(), inputs.heads(ofV, b, head, next));
                }
                if (ofK != null) {
                    primitives.addTo(sumK.exchangeLast(), inputs.heads(ofK, b, head, next));
                }
            }
        }
    }
}
