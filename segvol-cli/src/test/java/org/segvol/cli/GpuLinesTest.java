package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.segvol.layers.gpu.ComputeCapability;
import org.segvol.layers.gpu.Gpu;
import org.segvol.layers.gpu.GpuFacts;

/** The lines of doctor. */
class GpuLinesTest {
    private static final Gpu A100 =
            new Gpu(0, "GPU-a", "NVIDIA A100", new ComputeCapability(8, 0), "535.104.05", 40960);
    private static final Gpu H100 =
            new Gpu(1, "GPU-b", "NVIDIA H100", new ComputeCapability(9, 0), "535.104.05", 81559);

    @Test
    void everyGpuHasItsLine() {
        List<String> lines = GpuLines.of(new GpuFacts.Found(List.of(A100, H100)), true);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .isEqualTo("0: NVIDIA A100, compute capability 8.0, driver 535.104.05, 40960 MiB;"
                        + " the samediff engine can run on it");
        assertThat(lines.get(1))
                .isEqualTo("1: NVIDIA H100, compute capability 9.0, driver 535.104.05, 81559 MiB; not used:"
                        + " ND4J's CUDA backend has machine code for compute capability 3.7 to 8.9 only");
    }

    @Test
    void theCpuBackendLeavesGpusAlone() {
        assertThat(GpuLines.of(new GpuFacts.Found(List.of(A100)), false).get(0))
                .contains("40960 MiB; not used: the class path has ND4J's CPU backend")
                .contains("SEGVOL_BACKEND=cuda");
    }

    @Test
    void noneAndUnknownSayWhy() {
        assertThat(GpuLines.of(new GpuFacts.None("nobody home"), true)).containsExactly("none found (nobody home)");
        assertThat(GpuLines.of(new GpuFacts.Unknown("nobody answers"), false))
                .containsExactly("unknown: nobody answers");
    }
}
