package org.segvol.bench.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.segvol.layers.EngineOptions.Precision;

/**
 * How worker processes are started.
 *
 * @param options of the command
 * @param window file with the voxels to encode
 * @param bf16 whether this CPU computes in bfloat16
 */
record JavaWorkers(PeersOptions options, Path window, boolean bf16) {
    /** File of the gradient of the image tokens (N,C), in the folder of exported files. */
    static final String UPSTREAM = "upstream.f32";

    /** Where the gradient of the image tokens (N,C) lies. */
    Path upstream() {
        return options.folder().resolve(UPSTREAM);
    }

    /** The precisions that can be measured here. */
    Stream<Precision> precisions() {
        return bf16 ? Stream.of(Precision.F32, Precision.BF16) : Stream.of(Precision.F32);
    }

    /** The command of a {@link Worker}, on this process's Java and class path. */
    List<String> command(String engine, Precision precision) {
        String threads = Integer.toString(options.threads());
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                options.training() ? "-Xmx2g" : "-Xmx1g", // the gradients of all parameters come as arrays
                "-Dorg.bytedeco.javacpp.maxbytes=0",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-Dai.djl.offline=true",
                "-DDJL_CACHE_DIR=" + options.folder().resolve("djl"),
                "-Dai.djl.pytorch.num_threads=" + threads,
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                engine,
                precision.name().toLowerCase(Locale.ROOT),
                threads,
                options.weights().toString(),
                window.toString(),
                options.folder().toString());
    }

    /** Variables that tell the libraries in all processes their number of threads. */
    Map<String, String> environment() {
        String threads = Integer.toString(options.threads());
        return Map.of("OMP_NUM_THREADS", threads, "MKL_NUM_THREADS", threads, "OPENBLAS_NUM_THREADS", threads);
    }
}
