package org.segvol.layers.samediff;

import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.EngineProvider;
import org.segvol.weights.TensorSource;

/** Offers {@link SameDiffEngine} when an ND4J backend is on the class path. */
public final class SameDiffProvider implements EngineProvider {
    /** For {@link java.util.ServiceLoader}. */
    public SameDiffProvider() {}

    @Override
    public String name() {
        return "samediff";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public String whyNot() {
        try {
            org.nd4j.linalg.factory.Nd4j.getBackend();
            return null;
        } catch (LinkageError | RuntimeException e) {
            return "no ND4J backend could be loaded (" + e
                    + "); put nd4j-native with this platform's classifier on the class path";
        }
    }

    @Override
    public Engine create(TensorSource weights, EngineOptions options) {
        if (options.precision() != EngineOptions.Precision.F32) {
            throw new IllegalArgumentException(
                    "the samediff engine computes in f32 only; choose --precision f32 or another engine");
        }
        return new SameDiffEngine(weights, options.threads());
    }
}
