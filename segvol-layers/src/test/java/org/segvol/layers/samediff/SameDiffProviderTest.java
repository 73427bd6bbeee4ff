package org.segvol.layers.samediff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.segvol.layers.gpu.ComputeCapability;
import org.segvol.layers.gpu.Gpu;
import org.segvol.layers.gpu.GpuFacts;

/** The engine is refused before the CUDA backend is touched when no GPU here can be served. */
class SameDiffProviderTest {
    private static GpuFacts one(int major, int minor) {
        return new GpuFacts.Found(
                List.of(new Gpu(0, "GPU-a", "NVIDIA X", new ComputeCapability(major, minor), "535.104.05", 81559)));
    }

    @Test
    void aGpuWithoutCodeIsRefused() {
        assertThat(new SameDiffProvider(true, false, () -> one(9, 0)).whyNot())
                .contains("compute capability 9.0")
                .endsWith("use the CPU instead: --engine onednn");
        assertThat(new SameDiffProvider(true, true, () -> one(10, 0)).whyNot()).contains("compute capability 10.0");
    }

    @Test
    void noGpuIsRefusedUnlessTheCpuBackendIsThere() {
        assertThat(new SameDiffProvider(true, false, () -> new GpuFacts.None("nobody home")).whyNot())
                .startsWith("no NVIDIA GPU was found (nobody home)");
        assertThat(new SameDiffProvider(true, true, () -> new GpuFacts.None("nobody home")).whyNot())
                .isNull();
    }

    @Test
    void theCpuBackendNeedsNobodyToLookForGpus() {
        AtomicInteger looks = new AtomicInteger();
        SameDiffProvider provider = new SameDiffProvider(false, true, () -> {
            looks.incrementAndGet();
            return one(9, 0);
        });
        assertThat(provider.whyNot()).isNull();
        assertThat(looks).hasValue(0);
    }
}
