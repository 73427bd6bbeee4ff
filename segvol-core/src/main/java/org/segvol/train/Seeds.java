package org.segvol.train;

/** Seeds for the parts of a run, so that each part draws the same numbers whatever was drawn before it. */
final class Seeds {
    private Seeds() {}

    /** A seed that depends on all three numbers. */
    static long mix(long seed, long a, long b) {
        long z = seed * 0x9E3779B97F4A7C15L + a * 0xBF58476D1CE4E5B9L + b * 0x94D049BB133111EBL;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
