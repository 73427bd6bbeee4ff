package org.segvol.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.segvol.io.Volumes;
import org.segvol.testing.SyntheticWeights;
import org.segvol.weights.ModelConfig;

/** The whole command from the shell, a new process each time; files are in the disk's cache. Needs {@code SEGVOL_ROOT} (set by {@code run}). */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@Fork(1)
public class ColdStartBenchmark {
    /** Size of the phantom to segment. */
    @Param({"122x101x112"})
    public String size;

    private Path folder;
    private Path launcher;
    private Path ct;
    private Path weights;

    /** Builds the command if need be, and writes a phantom. */
    @Setup(Level.Trial)
    public void prepare() throws IOException, InterruptedException {
        String root = System.getenv("SEGVOL_ROOT");
        if (root == null) {
            throw new IllegalStateException(
                    "expected the project's folder in SEGVOL_ROOT, found none; use segvol-bench/run");
        }
        launcher = Path.of(root, "segvol");
        folder = Files.createTempDirectory("segvol-bench");
        ct = folder.resolve("ct.nii.gz");
        Volumes.write(BenchPhantom.of(size), ct);
        weights = SyntheticWeights.fullSizeFile(ModelConfig.RELEASED, 1);
        version();
    }

    /** Deletes what was written. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        Files.deleteIfExists(ct);
        Files.deleteIfExists(folder.resolve("liver.nii.gz"));
        Files.deleteIfExists(folder.resolve("command.log"));
        Files.deleteIfExists(folder);
    }

    /** Starting Java and reading the arguments. */
    @Benchmark
    public int version() throws IOException, InterruptedException {
        return command("--version");
    }

    /** One structure with one encoder pass. */
    @Benchmark
    public int segment() throws IOException, InterruptedException {
        return command(
                "segment",
                ct.toString(),
                "-w",
                weights.toString(),
                "--mode",
                "resize",
                "--text",
                "liver",
                "-o",
                folder.resolve("liver.nii.gz").toString());
    }

    private int command(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(launcher.toString()));
        words.addAll(Arrays.asList(arguments));
        Path log = folder.resolve("command.log");
        int code = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", words) + " gave exit code " + code + ": " + Files.readString(log));
        }
        return code;
    }
}
