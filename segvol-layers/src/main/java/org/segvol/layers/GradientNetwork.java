package org.segvol.layers;

import java.util.Map;

/** A network that can be run forwards and differentiated. */
public interface GradientNetwork extends AutoCloseable {
    /**
     * Runs the network.
     *
     * @param inputs one array for each input of the definition, in C order
     * @return a new array for each output of the definition, in C order
     * @throws IllegalArgumentException when inputs are missing, unknown or of the wrong size
     */
    Map<String, float[]> run(Map<String, float[]> inputs);

    /**
     * Gradients of a number that depends on the network's outputs.
     *
     * @param inputs as for {@link #run}
     * @param upstream the number's gradient with respect to each output of the definition, in C order
     * @throws IllegalArgumentException when inputs or gradients of outputs are missing or of the wrong size
     */
    Gradients gradients(Map<String, float[]> inputs, Map<String, float[]> upstream);

    /** Frees what this network holds. */
    @Override
    void close();

    /**
     * Gradients, each in C order and new.
     *
     * @param parameters of each trained parameter that the network reads
     * @param inputs of each input that was asked for
     */
    record Gradients(Map<String, float[]> parameters, Map<String, float[]> inputs) {}
}
