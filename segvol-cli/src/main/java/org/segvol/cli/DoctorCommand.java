package org.segvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segvol.Engines;
import org.segvol.layers.gpu.CudaBackend;
import org.segvol.layers.gpu.NvidiaSmi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells whether everything works here. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Tells what SegVol runs on here, and checks it with a tiny model whose results are known.",
        footer = {"", "Example:  segvol doctor --self-test --engine samediff"})
final class DoctorCommand implements Callable<Integer> {
    private static final List<String> FEATURES =
            List.of("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "asimd", "sve", "bf16");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--engine",
            defaultValue = "auto",
            paramLabel = "NAME",
            description = "Check this engine only (default: auto, all of them).")
    private String engine;

    @Option(
            names = "--self-test",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Run a tiny model on each engine (default: yes).")
    private boolean selfTest;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Runtime runtime = Runtime.getRuntime();
        out.println("Java      " + System.getProperty("java.version") + ", " + System.getProperty("java.vm.name") + ", "
                + System.getProperty("java.vendor"));
        out.println("System    " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch"));
        out.println("CPU       " + cpu());
        out.printf(
                Locale.ROOT,
                "Memory    Java heap up to %d MB; native memory up to %s%n",
                runtime.maxMemory() >> 20,
                nativeLimit());
        out.println("Threads   " + runtime.availableProcessors());
        GpuLines.of(new NvidiaSmi().look(), CudaBackend.onClassPath())
                .forEach(line -> out.println("GPU       " + line));
        boolean chosen = false, ok = true, any = false;
        for (Engines.Candidate candidate : Engines.candidates()) {
            if (!engine.equals("auto") && !engine.equals(candidate.name())) {
                continue;
            }
            any = true;
            if (candidate.whyNot() != null) {
                out.println("Engine    " + candidate.name() + ": cannot run here: " + candidate.whyNot());
                ok &= engine.equals("auto");
                continue;
            }
            SelfTest.Outcome outcome =
                    selfTest ? SelfTest.run(candidate.name()) : new SelfTest.Outcome(true, "can run here; not tested");
            out.println("Engine    " + candidate.name() + ": " + outcome.sentence()
                    + (chosen ? "" : "; this one is taken"));
            chosen = true;
            ok &= outcome.passed();
        }
        if (!any) {
            throw new IllegalArgumentException("there is no engine " + engine + "; found: "
                    + Engines.candidates().stream().map(Engines.Candidate::name).collect(Collectors.joining(", ")));
        }
        out.println(ok && chosen ? "All is well." : "Something is wrong: see above.");
        return ok && chosen ? 0 : 1;
    }

    private static String nativeLimit() {
        String limit = System.getProperty("org.bytedeco.javacpp.maxphysicalbytes", "the default of JavaCPP");
        return limit.equals("0") ? "what the machine has" : limit;
    }

    private static String cpu() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(info)) {
            List<String> all = lines.toList();
            String name = value(all, "model name");
            String flags = " " + value(all, "flags") + " " + value(all, "Features") + " ";
            return name + ", with "
                    + FEATURES.stream()
                            .filter(f -> flags.contains(" " + f + " "))
                            .collect(Collectors.joining(" "));
        }
    }

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }
}
