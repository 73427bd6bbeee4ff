package org.segvol.layers;

import java.util.Set;
import org.segvol.weights.TensorSource;

/** Offers an engine; found through {@link java.util.ServiceLoader}. */
public interface EngineProvider {
    /** The name by which a user chooses the engine, such as {@code samediff}. */
    String name();

    /** Engines are tried from the highest to the lowest; the reference engine has 0. */
    int priority();

    /**
     * Whether the engine can run here. Loads what it needs to find out and must not fail.
     *
     * @return null when it can, otherwise one sentence: what is missing and how to get it
     */
    String whyNot();

    /**
     * An engine for a set of weights, which must stay open as long as the engine.
     *
     * @param weights float tensors by canonical name
     * @param options precision and threads
     * @throws IllegalArgumentException when the engine cannot honour the options
     */
    Engine create(TensorSource weights, EngineOptions options);

    /**
     * An engine that differentiates networks, in float32.
     *
     * @param weights float tensors by canonical name; must stay open as long as the engine
     * @param trained names of the parameters that are trained
     * @param threads native threads, or 0 for the engine's choice
     */
    GradientEngine createGradients(TensorSource weights, Set<String> trained, int threads);
}
