package org.segvol.layers;

import java.nio.FloatBuffer;
import java.util.Set;

/**
 * Something that can differentiate networks with one set of weights, some of which are being trained. It owns native memory until it is
 * closed. Used by one thread at a time.
 */
public interface GradientEngine extends AutoCloseable {
    /** Names of the parameters that are trained; all others stay as they are and get no gradient. */
    Set<String> trained();

    /**
     * The current values of a trained parameter, in C order. Writing to the buffer changes what all networks of this engine compute.
     *
     * @throws IllegalArgumentException when it is not one of {@link #trained}
     */
    FloatBuffer parameter(String name);

    /**
     * Prepares a network for running and for gradients.
     *
     * @param inputs names of the definition's inputs whose gradient is wanted too
     * @throws IllegalArgumentException when the weights lack a parameter of the network or {@code inputs} names none of its inputs
     */
    GradientNetwork differentiate(NetworkDefinition definition, Set<String> inputs);

    /** Frees weights and networks. Closing twice does nothing. */
    @Override
    void close();
}
