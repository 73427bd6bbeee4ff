package org.segvol.onednn;

import org.segvol.onednn.MatrixProducts.RightFactor;
import org.segvol.onednn.Primitives.Prepared;

/**
 * Scaled dot-product attention as oneDNN primitives, a tile of queries at a time, so that its scores stay in the cache. Where a head has
 * many scores, either its products are made directly (see {@link Products}), one head after the other, or keys and values are packed once for all
 * tiles, and as many heads go together as there are threads; else all heads go together, straight on the projected tensors.
 */
final class AttentionPlan {
    /** Scores of one tile of all heads, in bytes of float32; between 6 and 25 MB there is no difference on a cache of 32 MB. */
    private static final long TILE_BYTES = 8L << 20;
    /** Scores of one tile of one head; smaller ones, that a core's own cache would hold, mean more primitives and waiting (docs/performance.md). */
    private static final long HEAD_TILE_BYTES = 4L << 20;
    /** The same where one head follows the other: near what the cores' own caches hold. */
    private static final long DIRECT_TILE_BYTES = 2L << 20;

    private final Primitives primitives;
    private final MatrixProducts products;
    private final PlanBuilder plan;
    private final int threads;
    private final AttentionInputs inputs;
    private final View out;

    /**
     * Attention to {@code out} (B,Nq,I).
     *
     * @param threads that the network will have
     */
    AttentionPlan(
            Primitives primitives,
            MatrixProducts products,
            PlanBuilder plan,
            int threads,
            AttentionInputs inputs,
            View out) {
        this.primitives = primitives;
        this.products = products;
        this.plan = plan;
        this.threads = threads;
        this.inputs = inputs;
        this.out = out;
    }

    /** Adds the primitives. */
    void add() {
        if (inputs.hasManyScores()) {
            addTiled();
            return;
        }
        long queries = inputs.queries(), keys = inputs.keys(), heads = inputs.heads();
        long tile = inputs.tile(TILE_BYTES / heads);
        long tiles = (queries + tile - 1) / tile;
        tile = (queries + tiles - 1) / tiles; // equal tiles, but for the last
        Storage scores = plan.temporary(4 * heads * tile * keys);
        Storage shares = shares(scores, heads * tile * keys);
        long last = queries - (tiles - 1) * tile;
        addTiles(scores, shares, tile, 0, queries - last);
        addTiles(scores, shares, last, queries - last, queries);
    }

    /** Where the softmax of scores goes: over them in float32, else beside them. */
    private Storage shares(Storage scores, long count) {
        ElementType type = inputs.v().type();
        return type == ElementType.F32 ? scores : plan.temporary(type.bytes() * count);
    }

    /** Some heads after the others, a tile of queries at a time. */
    private void addTiled() {
        long queries = inputs.queries(), keys = inputs.keys();
        boolean direct = products.multipliesDirectly(inputs.q().type());
        long tile = inputs.tile(direct ? DIRECT_TILE_BYTES : HEAD_TILE_BYTES);
        long together = inputs.headsTogether(products, threads);
        Storage scores = plan.temporary(4 * together * tile * keys), shares = shares(scores, together * tile * keys);
        AttentionShares softmax = new AttentionShares(primitives, products, inputs);
        RightFactor value = products.rightFactor(1, false);
        for (long b = 0; b < inputs.batch(); b++) {
            for (long head = 0; head < inputs.heads(); head += together) {
                View result = inputs.heads(out, b, head, head + together);
                softmax.take(b, head, head + together);
                value.take(inputs.heads(inputs.v(), b, head, head + together));
                for (long at = 0; at < queries; at += tile) {
                    long end = Math.min(queries, at + tile);
                    View score = View.of(scores, ElementType.F32, together, end - at, keys);
                    View share = View.of(shares, inputs.v().type(), together, end - at, keys);
                    softmax.add(at, end, score, share);
                    value.multiply(share, result.slice(1, at, end));
                }
            }
        }
    }

    private void addTiles(Storage scores, Storage shares, long tile, long from, long to) {
        if (from >= to) {
            return;
        }
        long keys = inputs.keys(), heads = inputs.heads();
        View score = View.of(scores, ElementType.F32, heads, tile, keys);
        View share = View.of(shares, inputs.v().type(), heads, tile, keys);
        View firstQueries = tileOf(inputs.q(), 0, from, tile), firstOut = tileOf(out, 0, from, tile);
        View firstKeys = inputs.heads(inputs.k(), 0, 0, heads).exchangeLast();
        View firstValues = inputs.heads(inputs.v(), 0, 0, heads);
        Prepared compare = products.prepareMatmul(firstQueries, firstKeys, score, inputs.scale());
        Prepared softmax = primitives.prepareSoftmax(score, share);
        Prepared take = products.prepareMatmul(share, firstValues, firstOut, 1);
        for (long b = 0; b < inputs.batch(); b++) {
            View keysOf = inputs.heads(inputs.k(), b, 0, heads).exchangeLast();
            View valuesOf = inputs.heads(inputs.v(), b, 0, heads);
            for (long at = from; at < to; at += tile) {
                products.matmul(compare, tileOf(inputs.q(), b, at, tile), keysOf, score);
                inputs.addBias(primitives, score, b, at, at + tile);
                primitives.softmax(softmax, score, share);
                products.matmul(take, share, valuesOf, tileOf(out, b, at, tile));
            }
        }
    }

    private View tileOf(View x, long b, long at, long tile) {
        return inputs.heads(x, b, 0, inputs.heads()).slice(1, at, at + tile);
    }
}
