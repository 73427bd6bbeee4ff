package org.segvol.layers.samediff;

import java.util.Set;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.EngineProvider;
import org.segvol.layers.GradientEngine;
import org.segvol.layers.JavaCppLimits;
import org.segvol.layers.Uninterrupted;
import org.segvol.layers.gpu.CudaBackend;
import org.segvol.layers.gpu.GpuFacts;
import org.segvol.layers.gpu.GpuSource;
import org.segvol.layers.gpu.NvidiaSmi;
import org.segvol.weights.TensorSource;

/** Offers {@link SameDiffEngine} when an ND4J backend is on the class path that can run here. */
public final class SameDiffProvider implements EngineProvider {
    private final boolean cuda, cpuToo;
    private final GpuSource gpus;

    /** For {@link java.util.ServiceLoader}. */
    public SameDiffProvider() {
        this(CudaBackend.onClassPath(), CudaBackend.cpuBackendBesideIt(), new NvidiaSmi());
    }

    /**
     * For a given class path and machine.
     *
     * @param cuda whether the CUDA backend is on the class path
     * @param cpuToo whether the CPU backend is
     * @param gpus the GPUs of the machine; asked only with the CUDA backend
     */
    SameDiffProvider(boolean cuda, boolean cpuToo, GpuSource gpus) {
        this.cuda = cuda;
        this.cpuToo = cpuToo;
        this.gpus = gpus;
    }

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
        String hint = "put nd4j-native with this platform's classifier on the class path";
        if (cuda) {
            GpuFacts facts = gpus.look();
            String refused = CudaBackend.whyNot(facts, System.getenv());
            if (refused != null && !(facts instanceof GpuFacts.None && cpuToo)) {
                return refused;
            }
            hint = facts instanceof GpuFacts.Unknown unknown
                    ? unknown.why() + "; run segvol doctor"
                    : "use the CPU instead: --engine onednn";
        }
        return whyNotLoaded(hint);
    }

    private static String whyNotLoaded(String hint) {
        try {
            JavaCppLimits.lift();
            Uninterrupted.run(org.nd4j.linalg.factory.Nd4j::getBackend);
            return null;
        } catch (LinkageError | RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return "no ND4J backend could be loaded (" + cause + "); " + hint;
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

    @Override
    public GradientEngine createGradients(TensorSource weights, Set<String> trained, int threads) {
        return new SameDiffGradientEngine(weights, trained, threads);
    }
}
