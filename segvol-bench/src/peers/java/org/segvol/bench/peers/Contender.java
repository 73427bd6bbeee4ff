package org.segvol.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.segvol.layers.EngineOptions.Precision;

/**
 * One row of the table.
 *
 * @param engine name, as people know it
 * @param precision of its products
 * @param own whether it is this project's fast engine, which the others are compared with
 * @param command of its process
 */
record Contender(String engine, Precision precision, boolean own, List<String> command) {
    /** The relative error above which an engine computes something else than this project's does. */
    double tolerance() {
        return precision == Precision.BF16 ? 2e-2 : 1e-4;
    }

    /** A name for files. */
    String key() {
        return (engine + "-" + precision).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    /** The matrix products that say what the machine can do. */
    static List<Contender> peaks(JavaWorkers java) {
        return Stream.concat(
                        java.precisions().map(p -> new Contender("oneDNN matmul", p, false, java.command("matmul", p))),
                        Stream.of(new Contender(
                                "oneDNN gemm", Precision.F32, false, java.command("gemm", Precision.F32))))
                .toList();
    }

    /** All encoders: this project's, the Java peers and, where there is a Python, PyTorch. */
    static List<Contender> encoders(JavaWorkers java, Python python, PeersOptions options) {
        List<Contender> all = new ArrayList<>();
        java.precisions().forEach(p -> all.add(new Contender("segvol oneDNN", p, true, java.command("onednn", p))));
        for (Map.Entry<String, String> other : List.of(
                Map.entry("segvol SameDiff", "samediff"),
                Map.entry("ONNX Runtime (Java)", "onnxruntime"),
                Map.entry("DJL PyTorch (Java)", "djl"))) {
            all.add(new Contender(other.getKey(), Precision.F32, false, java.command(other.getValue(), Precision.F32)));
        }
        all.addAll(pytorch(java.precisions().toList(), java, python, options));
        return all;
    }

    /** Encoder passes forwards and backwards: this project's and, where there is a Python, PyTorch's. */
    static List<Contender> gradients(JavaWorkers java, Python python, PeersOptions options) {
        List<Contender> all = new ArrayList<>();
        all.add(new Contender("segvol oneDNN", Precision.F32, true, java.command("gradients", Precision.F32)));
        all.addAll(pytorch(List.of(Precision.F32), java, python, options));
        return all;
    }

    private static List<Contender> pytorch(
            List<Precision> precisions, JavaWorkers java, Python python, PeersOptions options) {
        if (python == null || options.oracle() == null) {
            return List.of();
        }
        return Stream.of(false, true)
                .flatMap(fused -> precisions.stream().map(p -> pytorch(p, fused, java, python, options)))
                .toList();
    }

    private static Contender pytorch(
            Precision precision, boolean fused, JavaWorkers java, Python python, PeersOptions options) {
        List<String> command = new ArrayList<>(python.script("measure.py"));
        command.addAll(List.of("--oracle", options.oracle().toString()));
        command.addAll(List.of("--checkpoint", options.weights().toString()));
        command.addAll(List.of("--window", java.window().toString()));
        command.addAll(List.of("--threads", Integer.toString(options.threads())));
        if (precision == Precision.BF16) {
            command.add("--bf16");
        }
        if (fused) {
            command.add("--fused");
        }
        if (options.training()) {
            command.addAll(List.of("--upstream", java.upstream().toString()));
            command.addAll(List.of("--compared", EncoderGradients.COMPARED));
        }
        return new Contender(fused ? "PyTorch, fused attention" : "PyTorch", precision, false, command);
    }
}
