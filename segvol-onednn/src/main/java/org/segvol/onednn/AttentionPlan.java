package org.segvol.onednn;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.post_ops;
import org.segvol.onednn.MatrixProducts.Packing;
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
    /** With fewer keys, or fewer scores of a head in all, packing costs more than it saves. */
    private static final long PACKED_KEYS = 64, PACKED_BYTES = 512L << 10;

    private final Primitives primitives;
    private final MatrixProducts products;
    private final PlanBuilder plan;
    private final long heads;
    private final int threads;
    private final View q;
    private final View k;
    private final View v;
    private final View bias;
    private final View out;

    /**
     * Attention of q (B,Nq,I), k and v (B,Nk,I) to {@code out} (B,Nq,I).
     *
     * @param threads that the network will have
     * @param bias (B,Nq,Nk) or null
     */
    AttentionPlan(
            Primitives primitives,
            MatrixProducts products,
            PlanBuilder plan,
            int heads,
            int threads,
            View q,
            View k,
            View v,
            View bias,
            View out) {
        this.threads = threads;
        this.primitives = primitives;
        this.products = products;
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
        if (4 * queries * keys > PACKED_BYTES && keys >= PACKED_KEYS) {
            if (products.multipliesDirectly(q.type())) {
                addDirect();
            } else {
                addPacked();
            }
            return;
        }
        long tile = Math.max(1, Math.min(queries, TILE_BYTES / (4 * keys * heads)));
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
        return v.type() == ElementType.F32 ? scores : plan.temporary(v.type().bytes() * count);
    }

    /** One head after the other, by products without primitives. */
    private void addDirect() {
        long queries = q.dim(1), keys = k.dim(1);
        long tile = Math.max(1, Math.min(queries, DIRECT_TILE_BYTES / (4 * keys)));
        Storage scores = plan.temporary(4 * tile * keys);
        Map<Long, Prepared> prepared = new HashMap<>(); // softmax by rows: the last tile may have fewer
        for (long b = 0; b < q.dim(0); b++) {
            for (long head = 0; head < heads; head++) {
                View query = heads(q, b, head, head + 1, false), result = heads(out, b, head, head + 1, false);
                View key = heads(k, b, head, head + 1, true), value = heads(v, b, head, head + 1, false);
                for (long at = 0; at < queries; at += tile) {
                    long end = Math.min(queries, at + tile);
                    View score = View.of(scores, ElementType.F32, 1, end - at, keys);
                    Prepared softmax =
                            prepared.computeIfAbsent(end - at, rows -> primitives.prepareSoftmax(score, score));
                    plan.add(new GemmOperation(query.slice(1, at, end), key, score, scale(), false));
                    addBias(score, b, at, end);
                    primitives.softmax(softmax, score, score);
                    plan.add(new GemmOperation(score, value, result.slice(1, at, end), 1, false));
                }
            }
        }
    }

    private void addPacked() {
        long queries = q.dim(1), keys = k.dim(1), together = 1;
        while (heads % together != 0 || together < Math.min(threads, heads)) {
            together++;
        }
        long tile = Math.max(1, Math.min(queries, HEAD_TILE_BYTES / (4 * keys)));
        Storage scores = plan.temporary(4 * together * tile * keys), shares = shares(scores, together * tile * keys);
        for (long b = 0; b < q.dim(0); b++) {
            for (long head = 0; head < heads; head += together) {
                addHeads(scores, shares, tile, b, head, head + together);
            }
        }
    }

    /** All queries of some heads of one entry of the batch. */
    private void addHeads(Storage scores, Storage shares, long tile, long b, long from, long to) {
        long queries = q.dim(1), keys = k.dim(1);
        View query = heads(q, b, from, to, false), result = heads(out, b, from, to, false);
        View key = heads(k, b, from, to, true), value = heads(v, b, from, to, false);
        View score = null, share = null, packedKeys = null, packedValues = null;
        Packing compare = null, take = null;
        Prepared softmax = null;
        for (long at = 0, size = 0; at < queries; at += size) {
            long left = Math.min(tile, queries - at);
            View part = query.slice(1, at, at + left), target = result.slice(1, at, at + left);
            if (left != size) {
                size = left;
                score = View.of(scores, ElementType.F32, to - from, left, keys);
                share = View.of(shares, v.type(), to - from, left, keys);
                compare = products.preparePacked(part, key, score, this::scale);
                take = products.preparePacked(share, value, target, Primitives::nothing);
                softmax = primitives.prepareSoftmax(score, share);
                packedKeys = products.pack(compare, key);
                packedValues = products.pack(take, value);
            }
            products.matmul(compare, part, packedKeys, score);
            addBias(score, b, at, at + left);
            primitives.softmax(softmax, score, share);
            products.matmul(take, share, packedValues, target);
        }
    }

    private void addBias(View score, long b, long from, long to) {
        if (bias != null) {
            View added = bias.slice(0, b, b + 1).slice(1, from, to);
            primitives.binary(dnnl.algorithm.binary_add, score, added, score);
        }
    }

    private float scale() {
        return (float) (1 / Math.sqrt((double) q.dim(2) / heads));
    }

    private void scale(post_ops fused) {
        fused.append_eltwise(dnnl.algorithm.eltwise_linear, scale(), 0);
    }

    private View heads(View x, long b, long from, long to, boolean transposed) {
        return x.slice(0, b, b + 1).heads(heads, transposed).slice(0, from, to);
    }

    private void addTiles(Storage scores, Storage shares, long tile, long from, long to) {
        if (from >= to) {
            return;
        }
        long keys = k.dim(1);
        View score = View.of(scores, ElementType.F32, heads, tile, keys);
        View share = View.of(shares, v.type(), heads, tile, keys);
        View firstQueries = tileOf(q, 0, from, tile), firstOut = tileOf(out, 0, from, tile);
        Prepared compare =
                products.prepareMatmul(firstQueries, k.slice(0, 0, 1).heads(heads, true), score, this::scale);
        Prepared softmax = primitives.prepareSoftmax(score, share);
        Prepared take =
                products.prepareMatmul(share, v.slice(0, 0, 1).heads(heads, false), firstOut, Primitives::nothing);
        for (long b = 0; b < q.dim(0); b++) {
            View keysOf = k.slice(0, b, b + 1).heads(heads, true);
            View valuesOf = v.slice(0, b, b + 1).heads(heads, false);
            for (long at = from; at < to; at += tile) {
                products.matmul(compare, tileOf(q, b, at, tile), keysOf, score);
                addBias(score, b, at, at + tile);
                primitives.softmax(softmax, score, share);
                products.matmul(take, share, valuesOf, tileOf(out, b, at, tile));
            }
        }
    }

    private View tileOf(View x, long b, long at, long tile) {
        return x.slice(0, b, b + 1).slice(1, at, at + tile).heads(heads, false);
    }
}
