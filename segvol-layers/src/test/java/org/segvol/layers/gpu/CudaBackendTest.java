package org.segvol.layers.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the CUDA backend can serve, and the sentence when it cannot. */
class CudaBackendTest {
    private static final String DRIVER = "535.104.05";

    private static Gpu gpu(int index, String capability) {
        return new Gpu(index, "GPU-" + index + "a", "NVIDIA X" + index, ComputeCapability.parse(capability), DRIVER, 1);
    }

    private static Gpu withDriver(String driver) {
        return new Gpu(0, "GPU-0a", "NVIDIA X0", null, driver, 1);
    }

    private static String whyNot(Map<String, String> environment, Gpu... gpus) {
        return CudaBackend.whyNot(new GpuFacts.Found(Arrays.asList(gpus)), environment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.7", "5.0", "5.2", "5.3", "6.0", "6.1", "7.0", "7.5", "8.0", "8.6", "8.9"})
    void generationsWithCodeAreServed(String capability) {
        assertThat(whyNot(Map.of(), gpu(0, capability))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0", "3.0", "3.5", "9.0", "10.0", "10.3", "11.0", "12.0"})
    void othersGetOneSentenceWithTheWayOut(String capability) {
        assertThat(whyNot(Map.of(), gpu(0, capability)))
                .isEqualTo("GPU 0 (NVIDIA X0) has compute capability " + capability
                        + ", and ND4J's CUDA backend has machine"
                        + " code for compute capability 3.7 to 8.9 only; use the CPU instead: --engine onednn");
    }

    @Test
    void noneIsRefusedAndUnknownIsTried() {
        assertThat(CudaBackend.whyNot(new GpuFacts.None("nobody home"), Map.of()))
                .isEqualTo(
                        "no NVIDIA GPU was found (nobody home); use the CPU instead: --engine onednn, or put ND4J's CPU"
                                + " backend on the class path (build without -Pcuda)");
        assertThat(CudaBackend.whyNot(new GpuFacts.Unknown("nobody answers"), Map.of()))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"440.33.01", "450.36.06", "450.80", "450.80.01", "9"})
    void oldDriversAreRefused(String driver) {
        assertThat(whyNot(Map.of(), withDriver(driver)))
                .isEqualTo("driver " + driver
                        + " is too old for CUDA 11.6, which ND4J's CUDA backend uses: 450.80.02 or newer"
                        + " is needed; update the driver, or use the CPU instead: --engine onednn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"450.80.02", "450.102.04", "460.27", "510.39.01", "1000.1", "r600-beta"})
    void newerDriversAreTaken(String driver) {
        assertThat(whyNot(Map.of(), withDriver(driver))).isNull();
    }

    @Test
    void oneGpuThatCannotBeServedIsToBeHidden() {
        Gpu[] mixed = {gpu(0, "9.0"), gpu(1, "8.0"), gpu(2, "7.5")};
        String sentence = whyNot(Map.of(), mixed);
        assertThat(sentence)
                .startsWith("GPU 0 (NVIDIA X0) has compute capability 9.0")
                .contains("hide it with CUDA_VISIBLE_DEVICES=GPU-1a,GPU-2a, or use the CPU");
        assertThat(whyNot(Map.of("CUDA_VISIBLE_DEVICES", "GPU-1a,GPU-2a"), mixed))
                .isNull();
        assertThat(whyNot(Map.of("CUDA_VISIBLE_DEVICES", "GPU-0"), mixed)).startsWith("GPU 0");
    }

    @Test
    void severalThatCanBeServedAreTaken() {
        assertThat(whyNot(Map.of(), gpu(0, "8.0"), gpu(1, "8.9"))).isNull();
        assertThat(whyNot(Map.of(), gpu(0, "9.0"), gpu(1, "10.0")))
                .startsWith("GPU 0")
                .doesNotContain("hide it");
    }

    @Test
    void numbersCountOnlyInTheOrderOfTheBus() {
        List<Gpu> gpus = List.of(gpu(0, "9.0"), gpu(1, "8.0"));
        assertThat(VisibleDevices.of(gpus, Map.of("CUDA_VISIBLE_DEVICES", "1"))).isEqualTo(gpus);
        Map<String, String> bus = Map.of("CUDA_VISIBLE_DEVICES", "1", "CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        assertThat(VisibleDevices.of(gpus, bus)).containsExactly(gpus.get(1));
        assertThat(VisibleDevices.of(gpus, Map.of("CUDA_VISIBLE_DEVICES", "MIG-1/2/3")))
                .isEqualTo(gpus);
        assertThat(VisibleDevices.of(gpus, Map.of("CUDA_VISIBLE_DEVICES", "GPU-1a,nonsense,GPU-0a")))
                .containsExactly(gpus.get(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "7", "nonsense"})
    void hidingEveryGpuIsSaid(String wanted) {
        assertThat(whyNot(Map.of("CUDA_VISIBLE_DEVICES", wanted), gpu(0, "8.0")))
                .isEqualTo("CUDA_VISIBLE_DEVICES=" + wanted
                        + " hides every GPU from CUDA; change it, or use the CPU instead: --engine onednn");
    }
}
