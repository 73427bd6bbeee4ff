package org.segvol.weights;

/**
 * What the pickles of one file may cost together, whatever they say: steps of the machine, and the heap that their values take. The heap
 * is estimated from above, so that a byte of a hostile file cannot buy a hundred bytes of memory. A training checkpoint with all its
 * optimizer states needs less than a tenth of either.
 */
final class PickleBudget {
    static final int LIST = 40;
    static final int REFERENCE = 8;
    static final int NUMBER = 24;
    static final int TEXT = 56;
    static final int DICTIONARY = 120;
    static final int ENTRY = 64;
    static final int MEMO = 80;
    static final int MARK = 24;
    static final int TENSOR = 200;
    static final int STORAGE = 160;

    private static final long MAX_STEPS = 2_000_000;
    private static final long MAX_BYTES = 32L << 20;

    private long steps;
    private long bytes;

    /** Pays for work. */
    void work(long amount, PickleInput in) throws CheckpointException {
        steps += amount;
        if (steps > MAX_STEPS) {
            throw in.malformed("more than " + MAX_STEPS + " steps; no checkpoint of this model needs so many");
        }
    }

    /** Pays for memory, before it is taken. */
    void memory(long amount, PickleInput in) throws CheckpointException {
        bytes += amount;
        if (bytes > MAX_BYTES) {
            throw in.malformed("its values take more than " + (MAX_BYTES >> 20)
                    + " MB of memory; no checkpoint of this model needs so much");
        }
    }
}
