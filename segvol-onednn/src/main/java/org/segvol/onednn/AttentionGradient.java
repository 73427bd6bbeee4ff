package org.segvol.onednn;

import org.segvol.onednn.MatrixProducts.RightFactor;

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
    private final AttentionInputs inputs;
    private final View upstream;
    private final Targets targets;
    private final long tile;
    private final long together;
    private final Storage shares;
    private final Storage scores;
    private final View sumK;
    private final View sumV;
    private final AttentionShares softmax;
    private final RightFactor toScores;
    private final RightFactor toQueries;

    /**
     * What is added to; null for what is not wanted.
     *
     * @param q (B,Nq,I)
     * @param k (B,Nk,I)
     * @param v (B,Nk,I)
     */
    record Targets(View q, View k, View v) {}

    /**
     * Gradients of attention.
     *
     * @param threads that the network will have
     * @param upstream gradient of the result (B,Nq,I), dense
     */
    AttentionGradient(
            Primitives primitives,
            GradientPrimitives reverse,
            MatrixProducts products,
            PlanBuilder plan,
            int threads,
            AttentionInputs inputs,
            View upstream,
            Targets targets) {
        this.primitives = primitives;
        this.reverse = reverse;
        this.products = products;
        this.inputs = inputs;
        this.upstream = upstream;
        this.targets = targets;
        tile = inputs.tile(TILE_BYTES);
        together = inputs.headsTogether(products, threads);
        shares = plan.temporary(4 * together * tile * inputs.keys());
        scores = plan.temporary(4 * together * tile * inputs.keys());
        long[] turned = {together, upstream.dim(2) / inputs.heads(), inputs.keys()};
        sumK = View.of(plan.temporary(4 * turned[0] * turned[1] * turned[2]), ElementType.F32, turned);
        sumV = View.of(plan.temporary(4 * turned[0] * turned[1] * turned[2]), ElementType.F32, turned);
        softmax = new AttentionShares(primitives, products, inputs);
        toScores = products.rightFactor(1, false);
        toQueries = products.rightFactor(inputs.scale(), true);
    }

    /** Adds to the targets. */
    void add() {
        for (long b = 0; b < inputs.batch(); b++) {
            for (long head = 0; head < inputs.heads(); head += together) {
                addHeads(b, head);
            }
        }
    }

    private void addHeads(long b, long head) {
        softmax.take(b, head, head + together);
        toScores.take(heads(inputs.v(), b, head).exchangeLast());
        toQueries.take(heads(inputs.k(), b, head));
        for (long at = 0; at < inputs.queries(); at += tile) {
            addTile(b, head, at, Math.min(inputs.queries(), at + tile));
        }
        if (targets.v() != null) {
            primitives.addTo(sumV.exchangeLast(), heads(targets.v(), b, head));
        }
        if (targets.k() != null) {
            primitives.addTo(sumK.exchangeLast(), heads(targets.k(), b, head));
        }
    }

    private void addTile(long b, long head, long at, long end) {
        View share = View.of(shares, ElementType.F32, together, end - at, inputs.keys());
        View score = View.of(scores, ElementType.F32, together, end - at, inputs.keys());
        View above = heads(upstream, b, head).slice(1, at, end);
        softmax.add(at, end, share, share);
        if (targets.v() != null) {
            products.product(above.exchangeLast(), share, null, sumV, 1, at > 0);
        }
        if (targets.q() == null && targets.k() == null) {
            return;
        }
        toScores.multiply(above, score);
        reverse.softmax(share, score, score);
        if (targets.q() != null) {
            toQueries.multiply(score, heads(targets.q(), b, head).slice(1, at, end));
        }
        if (targets.k() != null) {
            View query = heads(inputs.q(), b, head).slice(1, at, end);
            products.product(query.exchangeLast(), score, null, sumK, inputs.scale(), at > 0);
        }
    }

    private View heads(View x, long b, long head) {
        return inputs.heads(x, b, head, head + together);
    }
}
