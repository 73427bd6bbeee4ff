package org.segvol.layers;

import java.util.Map;

/** A network compiled by an engine for fixed shapes. May be run from several threads; results do not depend on that. */
public interface Network extends AutoCloseable {
    /**
     * Runs the network.
     *
     * @param inputs one array for each input of the definition, in C order
     * @return a new array for each output of the definition, in C order
     * @throws IllegalArgumentException when inputs are missing, unknown or of the wrong size
     * @throws IllegalStateException after this network or its engine was closed
     */
    Map<String, float[]> run(Map<String, float[]> inputs);

    /** Frees what this network holds. Closing twice does nothing. */
    @Override
    void close();
}
