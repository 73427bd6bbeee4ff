package org.segvol.layers;

/**
 * Something that can run networks with one set of weights. It owns native memory until it is closed; closing it closes all its
 * networks.
 */
public interface Engine extends AutoCloseable {
    /** A short name, such as {@code samediff}. */
    String name();

    /** One line for people: versions, threads, precision. */
    String description();

    /** Whether {@linkplain NetworkDefinition#roundable() roundable} networks are computed with less than float32. */
    default boolean rounds() {
        return false;
    }

    /**
     * Prepares a network for running.
     *
     * @throws IllegalArgumentException when the weights lack a parameter of the network
     * @throws IllegalStateException after {@link #close}
     */
    Network compile(NetworkDefinition definition);

    /** Frees weights and networks. Closing twice does nothing. */
    @Override
    void close();
}
