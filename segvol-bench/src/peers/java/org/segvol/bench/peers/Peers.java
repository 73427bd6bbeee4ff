package org.segvol.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segvol.onednn.OneDnnEngine;
import org.segvol.testing.RandomStream;
import org.segvol.weights.ModelConfig;

/** Measures the image encoder of released size in several programs and prints one report. */
public final class Peers {
    private static final int LAYER_RUNS = 5;

    private final PeersOptions options;
    private final Map<Contender, WorkerProcess> processes = new LinkedHashMap<>();

    private Peers(PeersOptions options) {
        this.options = options;
    }

    /** See {@link PeersOptions#USAGE}. The system property {@code segvol.root} names the project's folder. */
    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.print(PeersOptions.USAGE);
            return;
        }
        Path root = Path.of(System.getProperty("segvol.root"));
        try {
            PeersOptions options = PeersOptions.parse(List.of(args), root.resolve("segvol-bench/target/peers/files"));
            List<String> wrong = new Peers(options).measure(root);
            wrong.forEach(System.err::println);
            System.exit(wrong.isEmpty() ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println("peers: " + e.getMessage() + "\n" + PeersOptions.USAGE);
            System.exit(2);
        } catch (IOException e) {
            System.err.println("peers: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Prints the report and gives a sentence for each engine that computes something else. */
    private List<String> measure(Path root) throws IOException, InterruptedException {
        Files.createDirectories(options.folder());
        Python python = Python.find(options.python(), root.resolve("segvol-bench/peers"));
        if (python == null || options.oracle() == null) {
            System.err.println("PyTorch's rows are left out: they need --oracle and a Python with torch (--python)");
        }
        Path window = options.folder().resolve("window.f32");
        ModelConfig config = ModelConfig.RELEASED;
        Tokens.write(RandomStream.units("peers", config.window().count()), window);
        JavaWorkers java = new JavaWorkers(options, window, OneDnnEngine.hasBf16());
        if (options.training()) {
            int tokens = config.grid().count() * config.hidden();
            Tokens.write(RandomStream.units("peers upstream", tokens), java.upstream());
        } else {
            Exported.require(options, python);
        }
        List<Contender> peaks = Contender.peaks(java);
        List<Contender> encoders = options.training()
                ? Contender.gradients(java, python, options)
                : Contender.encoders(java, python, options);
        try {
            Rounds rounds = new Rounds();
            for (Contender contender : peaks) {
                start(contender, java, rounds);
            }
            for (Contender contender : encoders) {
                start(contender, java, rounds);
            }
            return report(peaks, encoders, rounds, root.resolve("segvol"));
        } finally {
            processes.values().forEach(WorkerProcess::close);
        }
    }

    private List<String> report(List<Contender> peaks, List<Contender> encoders, Rounds rounds, Path launcher)
            throws IOException, InterruptedException {
        ColdStart command = options.coldCt() == null ? null : new ColdStart(launcher, options);
        if (command != null) {
            rounds.add("command", command::run);
        }
        Map<String, Times> times = rounds.run(options.rounds());
        Report report = new Report();
        for (Contender peak : peaks) {
            report.peak(peak, processes.get(peak).description(), times.get(peak.key()));
        }
        List<Report.Row> rows = rows(encoders, times);
        if (options.training()) {
            report.gradients(rows);
        } else {
            report.encoders(rows);
            reportLayers(encoders, report);
        }
        if (command != null) {
            report.coldStart(times.get("command"), rows.get(0).times(), command.peakKilobytes());
        }
        System.out.print(report);
        return rows.stream()
                .filter(row -> !(row.error() <= row.contender().tolerance())) // also when it is no number
                .map(Peers::wrong)
                .toList();
    }

    private void reportLayers(List<Contender> encoders, Report report) throws IOException {
        for (Contender contender : encoders) {
            if (contender.own()) {
                long[] layers = processes.get(contender).layers(LAYER_RUNS);
                report.layers(contender.precision(), EncoderWork.byKind(layers));
            }
        }
    }

    private void start(Contender contender, JavaWorkers java, Rounds rounds) throws IOException {
        System.err.println("starting " + contender.engine() + " " + contender.precision());
        Path log = options.folder().resolve(contender.key() + ".log");
        WorkerProcess process = new WorkerProcess(contender.command(), java.environment(), log);
        processes.put(contender, process);
        rounds.add(contender.key(), process::run);
    }

    /** The first encoder is this project's in float32: the others' outputs are compared with its. */
    private List<Report.Row> rows(List<Contender> encoders, Map<String, Times> times) throws IOException {
        List<Report.Row> rows = new ArrayList<>();
        float[] expected = null;
        for (Contender contender : encoders) {
            WorkerProcess process = processes.get(contender);
            long peak = process.peakKilobytes();
            float[] actual = process.output(options.folder().resolve("output.f32"));
            expected = expected == null ? actual : expected;
            double error = Tokens.relativeError(expected, actual);
            rows.add(new Report.Row(contender, process.description(), times.get(contender.key()), peak, error));
        }
        return rows;
    }

    private static String wrong(Report.Row row) {
        return String.format(
                "%s %s differs from this project's float32 encoder by %.1e, expected at most %.0e: are its files made from the"
                        + " same weights?",
                row.contender().engine(),
                row.contender().precision(),
                row.error(),
                row.contender().tolerance());
    }
}
