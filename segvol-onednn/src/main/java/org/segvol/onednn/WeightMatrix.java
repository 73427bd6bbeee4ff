package org.segvol.onednn;

/**
 * A parameter, or some of its columns, as the right factor of a matrix product.
 *
 * @param name of the parameter
 * @param in rows
 * @param first the first column taken of the parameter
 * @param out columns; of a transposed convolution, 8 for each output channel
 * @param kind how the parameter is stored
 */
record WeightMatrix(String name, int in, int first, int out, Kind kind) {
    /** How a parameter is stored. */
    enum Kind {
        /** (out, in). */
        LINEAR,
        /** (in, out/8, 2, 2, 2); column {@code tap * out/8 + o}. */
        TRANSPOSED_CONVOLUTION
    }

    /** A linear layer's whole parameter. */
    static WeightMatrix linear(String name, int in, int out) {
        return new WeightMatrix(name, in, 0, out, Kind.LINEAR);
    }

    /** The whole parameter of a transposed convolution with {@code channels} output channels. */
    static WeightMatrix transposedConvolution(String name, int in, int channels) {
        return new WeightMatrix(name, in, 0, 8 * channels, Kind.TRANSPOSED_CONVOLUTION);
    }

    /** Columns {@code from} to {@code to} (exclusive) of a linear layer's matrix. */
    WeightMatrix columns(int from, int to) {
        if (kind != Kind.LINEAR || from < 0 || to > out) {
            throw new IllegalArgumentException("columns " + from + " to " + to + " cannot be taken from " + this);
        }
        return new WeightMatrix(name, in, first + from, to - from, kind);
    }

    /** What is before the first column where the parameter lies row by row, in elements. */
    long offset() {
        return (long) first * in;
    }
}
