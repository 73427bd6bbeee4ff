package org.segvol.layers.samediff;

import org.nd4j.autodiff.samediff.SDVariable;
import org.segvol.layers.Op;

/** Where a graph gets its parameters from: constants for inference, variables for training. */
interface SameDiffParameters {
    /** A parameter in its stored shape. */
    SDVariable get(String name);

    /**
     * A parameter in another order: reshaped to {@code split}, its axes permuted, then reshaped to {@code joined}.
     */
    SDVariable reordered(String name, long[] split, int[] order, long[] joined);

    /**
     * Rows of a table.
     *
     * @param ids whole numbers (B,N)
     */
    SDVariable rows(Op.Embedding op, SDVariable ids);
}
