package org.segvol.cli;

import java.util.List;
import org.segvol.layers.gpu.CudaBackend;
import org.segvol.layers.gpu.Gpu;
import org.segvol.layers.gpu.GpuFacts;

/** What doctor says of the GPUs, a line for each. */
final class GpuLines {
    private GpuLines() {}

    /**
     * The lines.
     *
     * @param cuda whether ND4J's CUDA backend is on the class path
     */
    static List<String> of(GpuFacts facts, boolean cuda) {
        if (facts instanceof GpuFacts.Found found) {
            return found.gpus().stream().map(gpu -> line(gpu, cuda)).toList();
        }
        if (facts instanceof GpuFacts.None none) {
            return List.of("none found (" + none.why() + ")");
        }
        return List.of("unknown: " + ((GpuFacts.Unknown) facts).why());
    }

    private static String line(Gpu gpu, boolean cuda) {
        String limit = CudaBackend.limit(gpu);
        if (limit != null) {
            return gpu.describe() + "; not used: " + limit;
        }
        return gpu.describe()
                + (cuda
                        ? "; the samediff engine can run on it"
                        : "; not used: the class path has ND4J's CPU backend, its CUDA backend could serve it"
                                + " (SEGVOL_BACKEND=cuda, docs/gpu.md)");
    }
}
