package org.segvol.pseudo;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.segvol.weights.Extent;

/**
 * Regions grown by merging neighbours (Felzenszwalb and Huttenlocher in three dimensions, as published: spec 5.5). First every edge cheaper than a
 * quantile of all costs merges its ends; then edges by rising cost merge two regions while one of them is small. Ties are broken by the order of the
 * edges.
 *
 * @param sigma of the blur before, in voxels
 * @param smallest regions with fewer voxels are merged on while they have a neighbour
 * @param quantile share of the costs above zero that merge at once, from 0 to 1
 */
public record Regions(double sigma, int smallest, double quantile) {
    /** As the released model was trained. */
    public static final Regions PUBLISHED = new Regions(0.8, 1000, 0.25);

    /** Checks the ranges. */
    public Regions {
        if (smallest < 1 || !(quantile >= 0 && quantile <= 1)) {
            throw new IllegalArgumentException(
                    "expected a smallest region of at least 1 voxel and a quantile from 0 to 1, found " + smallest
                            + " and " + quantile);
        }
    }

    /**
     * Grows the regions of an image.
     *
     * @param image finite values, axes (a,b,c) as stored; not changed
     * @param size of the image
     * @return for every voxel the id of its region; ids count from 0 in the order of the regions' first voxels
     */
    public int[] of(float[] image, Extent size) {
        if (image.length != size.count()) {
            throw new IllegalArgumentException(
                    "an image of " + size + " has " + size.count() + " values, found " + image.length);
        }
        GridEdges edges = new GridEdges(new GaussianBlur(sigma).apply(image, size), size);
        DisjointSets sets = new DisjointSets(image.length);
        OptionalDouble limit = CostQuantile.of(edges, quantile);
        mergeCheap(edges, limit.orElse(Double.POSITIVE_INFINITY), sets);
        mergeSmall(edges, sets);
        return sets.numbered();
    }

    private static void mergeCheap(GridEdges edges, double limit, DisjointSets sets) {
        edges.forEach((edge, from, to, cost) -> {
            if (cost < limit) {
                int a = sets.root(from), b = sets.root(to);
                if (a != b) {
                    sets.unite(a, b);
                }
            }
        });
    }

    private void mergeSmall(GridEdges edges, DisjointSets sets) {
        for (long coded : candidates(edges, sets)) {
            int edge = (int) coded;
            int a = sets.root(edges.from(edge)), b = sets.root(edges.to(edge));
            if (mergeable(a, b, sets)) {
                sets.unite(a, b);
            }
        }
    }

    /** Edges that may still merge something, by rising cost, then name. Regions only grow, so no other edge ever will. */
    private long[] candidates(GridEdges edges, DisjointSets sets) {
        LongList found = new LongList();
        edges.forEach((edge, from, to, cost) -> {
            if (mergeable(sets.root(from), sets.root(to), sets)) {
                found.add((long) Float.floatToRawIntBits(cost) << 32 | edge);
            }
        });
        long[] coded = found.toArray();
        Arrays.parallelSort(coded);
        return coded;
    }

    private boolean mergeable(int a, int b, DisjointSets sets) {
        return a != b && (sets.size(a) < smallest || sets.size(b) < smallest);
    }

    /** Numbers of which there may be very many. */
    private static final class LongList {
        private long[] values = new long[1 << 16];
        private int count;

        void add(long value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, Math.toIntExact(2L * count));
            }
            values[count++] = value;
        }

        long[] toArray() {
            return Arrays.copyOf(values, count);
        }
    }
}
