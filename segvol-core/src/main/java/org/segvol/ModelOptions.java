package org.segvol;

import java.util.Objects;
import org.segvol.layers.EngineOptions;
import org.segvol.weights.ConfigHints;

/**
 * How a model is loaded. Immutable; start from {@link #DEFAULT}.
 *
 * @param engine the engine's name, or {@code auto} for the fastest that runs here
 * @param engineOptions precision and threads
 * @param hints what a foreign checkpoint's shapes cannot tell
 */
public record ModelOptions(String engine, EngineOptions engineOptions, ConfigHints hints) {
    /** The fastest engine, float32, all cores. */
    public static final ModelOptions DEFAULT = new ModelOptions("auto", EngineOptions.DEFAULT, ConfigHints.NONE);

    /** Checks that nothing is null. */
    public ModelOptions {
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(engineOptions, "engineOptions");
        Objects.requireNonNull(hints, "hints");
    }

    /** These options with another engine. */
    public ModelOptions withEngine(String name) {
        return new ModelOptions(name, engineOptions, hints);
    }

    /** These options with another precision and number of threads. */
    public ModelOptions withEngineOptions(EngineOptions value) {
        return new ModelOptions(engine, value, hints);
    }

    /** These options with hints about a checkpoint's configuration. */
    public ModelOptions withHints(ConfigHints value) {
        return new ModelOptions(engine, engineOptions, value);
    }
}
