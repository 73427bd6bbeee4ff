package org.segvol.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.EngineOptions.Precision;

/**
 * One engine in a process of its own. It says {@code peers: ready DESCRIPTION} when it has run once, and then answers one line to each line
 * of its standard input:
 *
 * <table>
 * <caption>commands</caption>
 * <tr><td>{@code run}</td><td>{@code peers: nanos N}, the time of one run</td></tr>
 * <tr><td>{@code output FILE}</td><td>{@code peers: written}, what is compared as float32, little-endian: image tokens (N,C), or a gradient</td></tr>
 * <tr><td>{@code layers RUNS}</td><td>{@code peers: layers N N N ...}, nanoseconds of each operation</td></tr>
 * <tr><td>{@code memory}</td><td>{@code peers: kilobytes N}, peak resident memory</td></tr>
 * </table>
 *
 * <p>Lines without the prefix come from the engine and mean nothing. The process ends with its input.
 */
final class Worker {
    /** Begins every answer. */
    static final String PREFIX = "peers: ";

    private Worker() {}

    /** Arguments: engine, precision, threads, checkpoint, window file, folder of exported files. */
    public static void main(String[] args) throws Exception {
        Precision precision = Precision.valueOf(args[1].toUpperCase(Locale.ROOT));
        EngineOptions options = new EngineOptions(precision, Integer.parseInt(args[2]));
        try (Workload workload = open(args[0], options, Path.of(args[3]), Path.of(args[4]), Path.of(args[5]))) {
            workload.run();
            answer("ready " + workload.description());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answer(obey(workload, line));
            }
        }
    }

    private static Workload open(String engine, EngineOptions options, Path checkpoint, Path window, Path exported)
            throws Exception {
        if (engine.equals("matmul")) {
            return MatmulPeak.primitive(options.precision());
        }
        if (engine.equals("gemm")) {
            return MatmulPeak.function();
        }
        float[] voxels = Tokens.read(window);
        return switch (engine) {
            case "onnxruntime" -> new OnnxRuntimeEncoder(exported.resolve(Exported.ONNX), options.threads(), voxels);
            case "gradients" ->
                new EncoderGradients(options, checkpoint, voxels, Tokens.read(exported.resolve(JavaWorkers.UPSTREAM)));
            case "djl" -> new DjlEncoder(exported.resolve(Exported.TORCHSCRIPT), voxels);
            default -> new SegVolEncoder(engine, options, checkpoint, voxels);
        };
    }

    private static String obey(Workload workload, String line) throws IOException {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
            case "run" -> {
                long start = System.nanoTime();
                workload.run();
                return "nanos " + (System.nanoTime() - start);
            }
            case "output" -> {
                Tokens.write(workload.output(), Path.of(words[1]));
                return "written";
            }
            case "layers" -> {
                long[] times = workload.layers(Integer.parseInt(words[1]));
                return "layers " + Arrays.stream(times).mapToObj(Long::toString).collect(Collectors.joining(" "));
            }
            case "memory" -> {
                return "kilobytes " + peakKilobytes(Path.of("/proc/self/status"));
            }
            default -> throw new IllegalArgumentException("unknown command " + line);
        }
    }

    /** The line VmHWM of a process's status file: the most memory that was ever resident, mapped files included. */
    static long peakKilobytes(Path status) throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException(status + ": expected a line VmHWM, found none; peak memory is known on Linux only");
    }

    private static void answer(String text) {
        System.out.println(PREFIX + text);
        System.out.flush();
    }
}
