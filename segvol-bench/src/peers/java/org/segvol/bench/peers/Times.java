package org.segvol.bench.peers;

import java.util.Arrays;

/**
 * What one contender took.
 *
 * @param nanos of every round, in order
 */
record Times(long[] nanos) {
    /** The shortest, in seconds. */
    double best() {
        return Arrays.stream(nanos).min().orElseThrow() / 1e9;
    }

    /** The middle one, in seconds; of an even number the mean of the middle two. */
    double median() {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2e9;
    }
}
