package org.segvol.pseudo;

import java.util.OptionalDouble;

/**
 * A quantile of the edges' costs that are not zero, interpolated linearly in double, without storing or sorting them: the bits of floats that are not
 * negative rise with their values, so two histograms of 16 bits each find any rank.
 */
final class CostQuantile {
    private static final int BINS = 1 << 16;

    private final GridEdges edges;
    private final int[] upper = new int[BINS];

    private CostQuantile(GridEdges edges) {
        this.edges = edges;
        edges.forEach((edge, from, to, cost) -> {
            if (cost != 0) {
                upper[Float.floatToRawIntBits(cost) >>> 16]++;
            }
        });
    }

    /**
     * The quantile.
     *
     * @param q from 0 to 1
     * @return empty when all costs are zero
     */
    static OptionalDouble of(GridEdges edges, double q) {
        CostQuantile ranks = new CostQuantile(edges);
        long total = 0;
        for (int n : ranks.upper) {
            total += n;
        }
        return total == 0 ? OptionalDouble.empty() : OptionalDouble.of(ranks.interpolated((int) total, q));
    }

    private double interpolated(int total, double q) {
        double rank = (total - 1) * q;
        int low = (int) Math.floor(rank), high = Math.min(low + 1, total - 1);
        double a = at(low), b = at(high), t = rank - low;
        return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
    }

    private float at(int rank) {
        int bin = 0, rest = rank;
        while (rest >= upper[bin]) {
            rest -= upper[bin++];
        }
        int[] lower = lower(bin);
        int low = 0;
        while (rest >= lower[low]) {
            rest -= lower[low++];
        }
        return Float.intBitsToFloat(bin << 16 | low);
    }

    private int[] lower(int bin) {
        int[] counts = new int[BINS];
        edges.forEach((edge, from, to, cost) -> {
            int bits = Float.floatToRawIntBits(cost);
            if (bits >>> 16 == bin && bits != 0) {
                counts[bits & 0xFFFF]++;
            }
        });
        return counts;
    }
}
