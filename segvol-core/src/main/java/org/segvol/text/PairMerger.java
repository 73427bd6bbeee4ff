package org.segvol.text;

import java.util.List;
import java.util.PriorityQueue;

/**
 * Merges neighbouring symbols of one piece, always the pair whose merge comes first in the vocabulary, of equal ones the leftmost, until
 * none is left. Takes {@code n log n} steps: pieces of hostile texts can be thousands of bytes long.
 */
final class PairMerger {
    private static final int GONE = -1;

    private final MergeTable merges;
    private final int[] symbols;
    private final int[] left;
    private final int[] right;
    /** Merged id in the upper half, position of the pair's left symbol in the lower: the smallest is merged first. */
    private final PriorityQueue<Long> candidates = new PriorityQueue<>();

    /** Takes the symbols of a piece, which it changes. */
    PairMerger(MergeTable merges, int[] symbols) {
        this.merges = merges;
        this.symbols = symbols;
        this.left = new int[symbols.length];
        this.right = new int[symbols.length];
        for (int i = 0; i < symbols.length; i++) {
            left[i] = i - 1;
            right[i] = i + 1;
        }
    }

    /** Adds what is left of the symbols to a list. */
    void mergeInto(List<Integer> out) {
        for (int i = 0; i < symbols.length; i++) {
            propose(i);
        }
        while (!candidates.isEmpty()) {
            long best = candidates.remove();
            int at = (int) best;
            int merged = (int) (best >>> Integer.SIZE);
            if (merged == mergedAt(at)) { // else a neighbour was merged since it was proposed
                merge(at, merged);
            }
        }
        for (int i = 0; i < symbols.length; i = right[i]) {
            out.add(symbols[i]);
        }
    }

    private void merge(int at, int merged) {
        int taken = right[at];
        symbols[at] = merged;
        symbols[taken] = GONE;
        right[at] = right[taken];
        if (right[at] < symbols.length) {
            left[right[at]] = at;
        }
        propose(at);
        if (left[at] >= 0) {
            propose(left[at]);
        }
    }

    private void propose(int at) {
        int merged = mergedAt(at);
        if (merged >= 0) {
            candidates.add((long) merged << Integer.SIZE | at);
        }
    }

    /** What a symbol and its right neighbour merge to, or -1. */
    private int mergedAt(int at) {
        boolean pair = symbols[at] != GONE && right[at] < symbols.length;
        return pair ? merges.merged(symbols[at], symbols[right[at]]) : -1;
    }
}
