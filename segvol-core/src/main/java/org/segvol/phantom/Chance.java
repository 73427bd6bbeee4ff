package org.segvol.phantom;

/** Draws that depend on a seed alone (splitmix64), the same on every machine. Each organ has its own branch, so that one does not disturb another. */
final class Chance {
    private static final long STEP = 0x9E3779B97F4A7C15L;
    private final long seed;
    private long state;

    Chance(long seed) {
        this.seed = seed;
        this.state = seed;
    }

    /** Draws for a named part, independent of what was drawn here before. */
    Chance branch(String name) {
        long mixed = mix(seed + STEP);
        for (int n = 0; n < name.length(); n++) {
            mixed = mix(mixed ^ name.charAt(n) * STEP);
        }
        return new Chance(mixed);
    }

    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** 64 random bits. */
    long bits() {
        state += STEP;
        return mix(state);
    }

    /** 0 to below 1. */
    double unit() {
        return (bits() >>> 11) * 0x1p-53;
    }

    double between(double low, double high) {
        return low + unit() * (high - low);
    }

    /** A value at most {@code spread} away from {@code middle}, more often near it. */
    double about(double middle, double spread) {
        return middle + spread * (unit() + unit() - 1);
    }

    /** 0 to below n. */
    int below(int n) {
        return (int) (unit() * n);
    }

    boolean happens(double probability) {
        return unit() < probability;
    }
}
