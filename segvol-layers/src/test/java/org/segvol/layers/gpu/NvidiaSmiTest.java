package org.segvol.layers.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what nvidia-smi says; the tool itself is played by strings and by small scripts. */
class NvidiaSmiTest {
    private static final String A100 = "0, GPU-aa, 8.0, 535.104.05, 40960, NVIDIA A100-SXM4-40GB\n";
    private static final String H100 = "1, GPU-bb, 9.0, 535.104.05, 81559, NVIDIA H100, 80GB\n";

    @TempDir
    Path folder;

    private GpuFacts look(Tool tool) {
        return new NvidiaSmi(tool, folder.resolve("no driver")).look();
    }

    private GpuFacts said(int code, String text) {
        return look(arguments -> new Tool.Answer(code, text));
    }

    private static String why(GpuFacts facts) {
        return facts instanceof GpuFacts.None none
                ? "none: " + none.why()
                : "unknown: " + ((GpuFacts.Unknown) facts).why();
    }

    @Test
    void everyDeviceIsRead() {
        assertThat(said(0, A100 + H100))
                .isEqualTo(new GpuFacts.Found(List.of(
                        new Gpu(0, "GPU-aa", "NVIDIA A100-SXM4-40GB", new ComputeCapability(8, 0), "535.104.05", 40960),
                        new Gpu(1, "GPU-bb", "NVIDIA H100, 80GB", new ComputeCapability(9, 0), "535.104.05", 81559))));
    }

    @Test
    void whatTheToolCannotTellIsUnknown() {
        GpuFacts facts = said(0, "0, GPU-aa, [N/A], 580.65.06, [N/A], NVIDIA GB10\n");
        Gpu gpu = ((GpuFacts.Found) facts).gpus().get(0);
        assertThat(gpu.capability()).isNull();
        assertThat(gpu.memory()).isEqualTo(-1);
        assertThat(gpu.describe())
                .isEqualTo("0: NVIDIA GB10, compute capability unknown, driver 580.65.06, memory unknown");
    }

    @Test
    void anOldToolIsAskedAgainWithoutTheCapability() {
        List<String> queries = new ArrayList<>();
        GpuFacts facts = look(arguments -> {
            queries.add(arguments.get(0));
            return arguments.get(0).contains("compute_cap")
                    ? new Tool.Answer(2, "Field \"compute_cap\" is not a valid field to query.\n\n")
                    : new Tool.Answer(0, "0, GPU-aa, 440.33.01, 16160, Tesla V100-SXM2-16GB\n");
        });
        assertThat(queries).hasSize(2);
        assertThat(facts)
                .isEqualTo(new GpuFacts.Found(
                        List.of(new Gpu(0, "GPU-aa", "Tesla V100-SXM2-16GB", null, "440.33.01", 16160))));
    }

    @Test
    void noDeviceAndNoDriverAreNone() {
        assertThat(why(said(0, "No devices were found\n"))).isEqualTo("none: nvidia-smi lists none");
        assertThat(why(said(0, "\n"))).isEqualTo("none: nvidia-smi lists none");
        assertThat(why(said(9, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\nMore.")))
                .isEqualTo(
                        "none: nvidia-smi failed with exit code 9 and says: NVIDIA-SMI has failed because it couldn't"
                                + " communicate with the NVIDIA driver.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "0, GPU-aa, 8.0",
                "x, GPU-aa, 8.0, 535.104.05, 40960, A100",
                "-1, GPU-aa, 8.0, 535.104.05, 40960, A100",
                "0, GPU-aa, 8, 535.104.05, 40960, A100",
                "0, GPU-aa, 8.0, 535.104.05, 40960 MiB, A100",
                "0, GPU-aa, 8.0, , 40960, A100",
                "99999999999, GPU-aa, 8.0, 535.104.05, 40960, A100",
                "0, GPU-aa, 99999999999.0, 535.104.05, 40960, A100",
                "\u0000\u001b[31m\uffff,,,,,"
            })
    void garbageIsUnknown(String line) {
        GpuFacts facts = said(0, A100 + line);
        assertThat(facts).isInstanceOf(GpuFacts.Unknown.class);
        assertThat(why(facts))
                .startsWith("unknown: nvidia-smi's answer is not understood")
                .matches("[\\x20-\\x7e]+");
    }

    @Test
    void longGarbageIsShortened() {
        assertThat(why(said(0, "z".repeat(100_000)))).hasSizeLessThan(250).endsWith("zzz...");
    }

    @Test
    void aMissingToolIsNoneUnlessTheDriverIsLoaded() throws IOException {
        Tool missing = new ProcessTool(folder.resolve("nvidia-smi").toString(), Duration.ofSeconds(5));
        assertThat(why(look(missing))).isEqualTo("none: nvidia-smi, the tool of NVIDIA's driver, is not on the PATH");
        Path driver = Files.createFile(folder.resolve("version"));
        assertThat(why(new NvidiaSmi(missing, driver).look())).startsWith("unknown: the NVIDIA driver is loaded");
    }

    private ProcessTool script(String body, Duration limit) throws IOException {
        Path file = folder.resolve("script");
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new ProcessTool(file.toString(), limit);
    }

    @Test
    void aProgramIsRunWithItsArguments() throws IOException {
        ProcessTool echo = script("echo \"$1\"; echo \"$2\" >&2; exit 3", Duration.ofSeconds(60));
        assertThat(echo.ask(List.of("first", "second"))).isEqualTo(new Tool.Answer(3, "first\nsecond\n"));
        GpuFacts facts = look(script("printf '" + A100.replace("\n", "\\n") + "'", Duration.ofSeconds(60)));
        assertThat(((GpuFacts.Found) facts).gpus()).extracting(Gpu::uuid).containsExactly("GPU-aa");
    }

    @Test
    void aProgramThatHangsIsStopped() throws IOException {
        long start = System.nanoTime();
        assertThat(why(look(script("exec sleep 60", Duration.ofMillis(200)))))
                .startsWith("unknown: nvidia-smi could not be asked: ")
                .endsWith("gave no answer in 200 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void aFloodIsRefused() throws IOException {
        assertThat(why(look(script("head -c 2000000 /dev/zero", Duration.ofSeconds(60)))))
                .endsWith("gave an answer of 2000000 bytes");
    }

    @Test
    void aMissingToolSaysSo() {
        assertThat(why(look(arguments -> {
                    throw new FileNotFoundException("there is none");
                })))
                .startsWith("none: ");
        assertThat(why(look(arguments -> {
                    throw new IOException("broken");
                })))
                .isEqualTo("unknown: nvidia-smi could not be asked: broken");
    }
}
