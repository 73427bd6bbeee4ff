package org.segvol.onednn;

/**
 * A parameter as the right factor of a matrix product.
 *
 * @param name of the parameter
 * @param in rows
 * @param out columns; of a transposed convolution, 8 for each output channel
 * @param kind how the parameter is stored
 */
record WeightMatrix(String name, int in, int out, Kind kind) {
    /** How a parameter is stored. */
    enum Kind {
        /** (out, in). */
        LINEAR,
        /** (in, out/8, 2, 2, 2); column {@code tap * out/8 + o}. */
        TRANSPOSED_CONVOLUTION
    }
}
