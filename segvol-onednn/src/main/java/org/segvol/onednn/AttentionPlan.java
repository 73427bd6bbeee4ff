package org.segvol.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.post_ops;
import org.segvol.onednn.Primitives.Prepared;

/**
 * Scaled dot-product attention as oneDNN primitives: a tile of queries at a time, so that its scores stay in the cache, all heads
 * together, straight on the projected tensors.
 */
final class AttentionPlan {
    /** Scores of one tile, in bytes of float32; between 6 and 25 MB there is no difference on a cache of 32 MB. */
    private static final long TILE_BYTES = 8L << 20;

    private final Primitives primitives;
    private final PlanBuilder plan;
    private final long heads;
    private final View q;
    private final View k;
    private final View v;
    private final View bias;
    private final View out;

    /**
     * Attention of q (B,Nq,I), k and v (B,Nk,I) to {@code out} (B,Nq,I).
     *
     * @param bias (B,Nq,Nk) or null
     */
    AttentionPlan(Primitives primitives, PlanBuilder plan, int heads, View q, View k, View v, View bias, View out) {
        this.primitives = primitives;
        this.plan = plan;
        this.heads = heads;
        this.q = q;
        this.k = k;
        this.v = v;
        this.bias = bias;
        this.out = out;
    }

    /** Adds the primitives. */
    void add() {
        long queries = q.dim(1), keys = k.dim(1);
        long tile = Math.max(1, Math.min(queries, TILE_BYTES / (4 * keys * heads)));
        long tiles = (queries + tile - 1) / tile;
        tile = (queries + tiles - 1) / tiles; // equal tiles, but for the last
        Storage scores = plan.temporary(4 * heads * tile * keys);
        Storage shares =
                v.type() == ElementType.F32 ? scores : plan.temporary(v.type().bytes() * heads * tile * keys);
        long last = queries - (tiles - 1) * tile;
        addTiles(scores, shares, tile, 0, queries - last);
        addTiles(scores, shares, last, queries - last, queries);
    }

    private void addTiles(Storage scores, Storage shares, long tile, long from, long to) {
        if (from >= to) {
            return;
        }
        long keys = k.dim(1);
        View score = View.of(scores, ElementType.F32, heads, tile, keys);
        View share = View.of(shares, v.type(), heads, tile, keys);
        View firstQueries = tileOf(q, 0, from, tile), firstOut = tileOf(out, 0, from, tile);
        float scale = (float) (1 / Math.sqrt((double) q.dim(2) / heads));
        Prepared compare = primitives.prepareMatmul(
                firstQueries,
                k.slice(0, 0, 1).heads(heads, true),
                score,
                (post_ops fused) -> fused.append_eltwise(dnnl.algorithm.eltwise_linear, scale, 0));
        Prepared softmax = primitives.prepareSoftmax(score, share);
        Prepared take =
                primitives.prepareMatmul(share, v.slice(0, 0, 1).heads(heads, false), firstOut, Primitives::nothing);
        for (long b = 0; b < q.dim(0); b++) {
            View keysOf = k.slice(0, b, b + 1).heads(heads, true);
            View valuesOf = v.slice(0, b, b + 1).heads(heads, false);
            for (long at = from; at < to; at += tile) {
                primitives.matmul(compare, tileOf(q, b, at, tile), keysOf, score);
                if (bias != null) {
                    View added = bias.slice(0, b, b + 1).slice(1, at, at + tile);
                    primitives.binary(dnnl.algorithm.binary_add, score, added, score);
                }
                primitives.softmax(softmax, score, share);
                primitives.matmul(take, share, valuesOf, tileOf(out, b, at, tile));
            }
        }
    }

    private View tileOf(View x, long b, long at, long tile) {
        return x.slice(0, b, b + 1).slice(1, at, at + tile).heads(heads, false);
    }
}
