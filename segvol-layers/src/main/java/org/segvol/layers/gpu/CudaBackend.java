package org.segvol.layers.gpu;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Knows what ND4J's CUDA backend can serve. Nothing here loads it: on a GPU that it has no code for, it would end with "no kernel image".
 */
public final class CudaBackend {
    /** What nd4j-cuda-11.6 1.0.0-M2.1 has machine code for; it has no PTX that the driver could translate for others (docs/gpu.md). */
    private static final List<ComputeCapability> CODE = List.of(
            new ComputeCapability(3, 7),
            new ComputeCapability(5, 0),
            new ComputeCapability(5, 2),
            new ComputeCapability(6, 0),
            new ComputeCapability(6, 1),
            new ComputeCapability(7, 0),
            new ComputeCapability(7, 5),
            new ComputeCapability(8, 0),
            new ComputeCapability(8, 6));

    /** The oldest Linux driver that runs programs of any CUDA 11 (NVIDIA's minor version compatibility). */
    private static final int[] OLDEST_DRIVER = {450, 80, 2};

    private static final String USE_THE_CPU = "use the CPU instead: --engine onednn";

    private CudaBackend() {}

    /** Whether the CUDA backend is on the class path, and thus what the SameDiff engine runs on. */
    public static boolean onClassPath() {
        return onClassPath("org/nd4j/linalg/jcublas/JCublasBackend.class");
    }

    /** Whether the CPU backend is there too; ND4J falls back to it when CUDA finds no GPU at all. */
    public static boolean cpuBackendBesideIt() {
        return onClassPath("org/nd4j/linalg/cpu/nativecpu/CpuBackend.class");
    }

    private static boolean onClassPath(String file) {
        return CudaBackend.class.getClassLoader().getResource(file) != null;
    }

    /**
     * What keeps the backend from a GPU. A capability that is not known keeps it from none: drivers that do not tell it are older than the
     * GPUs that the backend has no code for.
     *
     * @return null when nothing does, otherwise a part of a sentence
     */
    public static String limit(Gpu gpu) {
        if (driverIsTooOld(gpu.driver())) {
            return "driver " + gpu.driver()
                    + " is too old for CUDA 11.6, which ND4J's CUDA backend uses: 450.80.02 or newer" + " is needed";
        }
        return gpu.capability() == null || CODE.stream().anyMatch(code -> code.codeRunsOn(gpu.capability()))
                ? null
                : "ND4J's CUDA backend has machine code for compute capability 3.7 to 8.9 only";
    }

    /**
     * Why the backend cannot run on this machine. It starts on every GPU that it sees, so one that it cannot serve is enough.
     *
     * @param facts the GPUs of this machine
     * @param environment variables of this process; {@code CUDA_VISIBLE_DEVICES} hides GPUs
     * @return null when it can, or when only trying tells; otherwise one sentence with the way out
     */
    public static String whyNot(GpuFacts facts, Map<String, String> environment) {
        if (facts instanceof GpuFacts.None none) {
            return "no NVIDIA GPU was found (" + none.why() + "); " + USE_THE_CPU
                    + ", or put ND4J's CPU backend on the class path (build without -Pcuda)";
        }
        if (!(facts instanceof GpuFacts.Found found)) {
            return null;
        }
        List<Gpu> seen = VisibleDevices.of(found.gpus(), environment);
        if (seen.isEmpty()) {
            return VisibleDevices.VARIABLE + "=" + environment.get(VisibleDevices.VARIABLE)
                    + " hides every GPU from CUDA; change it, or " + USE_THE_CPU;
        }
        Gpu refused = seen.stream().filter(g -> limit(g) != null).findFirst().orElse(null);
        return refused == null ? null : whyNot(refused, seen);
    }

    private static String whyNot(Gpu refused, List<Gpu> seen) {
        if (driverIsTooOld(refused.driver())) {
            return limit(refused) + "; update the driver, or " + USE_THE_CPU;
        }
        String others =
                seen.stream().filter(g -> limit(g) == null).map(Gpu::uuid).collect(Collectors.joining(","));
        return "GPU " + refused.index() + " (" + refused.name() + ") has compute capability " + refused.capability()
                + ", and " + limit(refused) + "; "
                + (others.isEmpty() ? "" : "hide it with " + VisibleDevices.VARIABLE + "=" + others + ", or ")
                + USE_THE_CPU;
    }

    private static boolean driverIsTooOld(String version) {
        if (!version.matches("\\d{1,6}(\\.\\d{1,6}){0,3}")) {
            return false; // a form that nobody has seen yet is newer than that
        }
        String[] parts = version.split("\\.", -1);
        for (int i = 0; i < OLDEST_DRIVER.length; i++) {
            int part = i < parts.length ? Integer.parseInt(parts[i]) : 0;
            if (part != OLDEST_DRIVER[i]) {
                return part < OLDEST_DRIVER[i];
            }
        }
        return false;
    }
}
