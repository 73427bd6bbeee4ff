package org.segvol.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.segvol.Complexity;
import org.segvol.SegVol;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what a model's parts cost. */
@Command(
        name = "complexity",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Tells parameters, multiply-accumulate operations and time of a model's parts.",
            "Operations are counted from the network as it is run: products of matrices, attention, convolutions. The prompt is a name of at"
                    + " most 16 tokens with a box; one mask is decoded. Times are medians."
        },
        footer = {"", "Example:  segvol complexity -w segvol.safetensors"})
final class ComplexityCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelArguments model = new ModelArguments();

    @Option(
            names = "--runs",
            defaultValue = "5",
            description = "Measured runs of each part; 0 to count only (default: 5).")
    private int runs;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (SegVol loaded = SegVol.load(model.weights(), model.options())) {
            Complexity complexity = Complexity.of(loaded, runs);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(json(loaded, complexity));
            } else {
                print(out, loaded, complexity);
            }
        }
        return 0;
    }

    private void print(PrintWriter out, SegVol loaded, Complexity complexity) {
        out.println(model.weights() + " on " + loaded.engineDescription());
        String line = "%-26s %14s %12s %10s  %s%n";
        out.printf(Locale.ROOT, line, "part", "parameters", "MACs (10^9)", "ms", "once for each");
        for (Complexity.Part part : complexity.parts()) {
            out.printf(
                    Locale.ROOT,
                    line,
                    part.name(),
                    String.format(Locale.ROOT, "%,d", part.parameters()),
                    String.format(Locale.ROOT, "%.3f", part.multiplyAdds() / 1e9),
                    Double.isNaN(part.seconds()) ? "-" : String.format(Locale.ROOT, "%.1f", part.seconds() * 1000),
                    part.per());
        }
        out.printf(Locale.ROOT, "%-26s %,14d%n", "not read for one mask", complexity.unused());
        out.printf(Locale.ROOT, "%-26s %,14d%n", "all", complexity.parameters());
    }

    private String json(SegVol loaded, Complexity complexity) throws IOException {
        List<Map<String, Object>> parts = new ArrayList<>();
        for (Complexity.Part part : complexity.parts()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", part.name());
            one.put("once_for_each", part.per());
            one.put("parameters", part.parameters());
            one.put("macs", part.multiplyAdds());
            one.put("seconds", Double.isNaN(part.seconds()) ? null : part.seconds());
            parts.add(one);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("weights", model.weights().toString());
        out.put("weights_sha256", loaded.checkpoint().sha256());
        out.put("engine", loaded.engineName());
        out.put("engine_description", loaded.engineDescription());
        out.put("precision", model.precision());
        out.put("runs", runs);
        out.put("parts", parts);
        out.put("parameters_not_read_for_one_mask", complexity.unused());
        out.put("parameters", complexity.parameters());
        return new GsonBuilder()
                .setPrettyPrinting()
                .serializeNulls()
                .disableHtmlEscaping()
                .create()
                .toJson(out);
    }
}
