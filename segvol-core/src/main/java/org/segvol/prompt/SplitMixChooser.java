package org.segvol.prompt;

import java.util.HashMap;
import java.util.Map;

/** Portable random clicks (spec 9.2): 64 bits of state, the same draws in any language. Not for several threads. */
public final class SplitMixChooser implements PointChooser {
    private long state;

    /** A sequence that depends on the seed alone. */
    public SplitMixChooser(long seed) {
        this.state = seed;
    }

    /** The next number of the sequence, 0 to below 1. */
    public double unit() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 11) * 0x1p-53;
    }

    @Override
    public int one(int n) {
        return (int) (unit() * n);
    }

    @Override
    public int[] some(int n, int k) {
        int[] out = new int[Math.min(n, k)];
        Map<Integer, Integer> moved = new HashMap<>(); // a shuffle of which only the touched entries are stored
        for (int t = 0; t < out.length; t++) {
            int j = t + (int) (unit() * (n - t));
            out[t] = moved.getOrDefault(j, j);
            moved.put(j, moved.getOrDefault(t, t));
        }
        return out;
    }
}
