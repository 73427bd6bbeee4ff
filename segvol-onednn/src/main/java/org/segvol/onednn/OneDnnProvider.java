package org.segvol.onednn;

import java.util.Set;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.EngineProvider;
import org.segvol.layers.GradientEngine;
import org.segvol.weights.TensorSource;

/** Offers {@link OneDnnEngine} where oneDNN's native library can be loaded and computes correctly. */
public final class OneDnnProvider implements EngineProvider {
    /** For {@link java.util.ServiceLoader}. */
    public OneDnnProvider() {}

    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public String whyNot() {
        try {
            return OneDnnLibrary.isUsable()
                    ? null
                    : "oneDNN " + OneDnnLibrary.version()
                            + " gave a wrong matrix product in its self-test; use another version of org.bytedeco:dnnl";
        } catch (LinkageError | RuntimeException e) {
            return "oneDNN could not be loaded (" + e + "); put org.bytedeco's javacpp, dnnl and opencl with this"
                    + " platform's classifier on the class path";
        }
    }

    @Override
    public Engine create(TensorSource weights, EngineOptions options) {
        return new OneDnnEngine(weights, options);
    }

    @Override
    public GradientEngine createGradients(TensorSource weights, Set<String> trained, int threads) {
        return new OneDnnGradientEngine(weights, trained, threads);
    }
}
