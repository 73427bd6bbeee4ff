package org.segvol.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.segvol.Mode;
import org.segvol.Options;
import org.segvol.SegVol;
import org.segvol.data.LabelledCase;
import org.segvol.data.LabelledCases;
import org.segvol.evaluate.Ambiguity;
import org.segvol.evaluate.AmbiguityPair;
import org.segvol.evaluate.AmbiguityPicture;
import org.segvol.evaluate.AmbiguityTables;
import org.segvol.io.PngFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what a word decides where a click or a box alone can mean two things. */
@Command(
        name = "ambiguity",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Asks labelled CTs with a click or a box that two structures share: alone, with the one's name, and with the other's. Compares"
                    + " every answer with both structures.",
            "Prints a table in Markdown; with --out writes it as ambiguity.md and ambiguity.csv with a picture, ambiguity.png."
        },
        footer = {
            "",
            "DATA is as for segvol evaluate. The click is a voxel of both structures, the box the smallest one around both.",
            "",
            "Example:  segvol ambiguity --data phantoms -w segvol.safetensors --pairs \"liver tumor/liver,left kidney/spleen\" --out results"
        })
final class AmbiguityCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true, paramLabel = "DATA", description = "Labelled cases.")
    private Path data;

    @Mixin
    private ModelArguments model = new ModelArguments();

    @Option(
            names = "--pairs",
            split = ",",
            required = true,
            paramLabel = "A/B",
            description = "Names of two structures with a slash between them.")
    private List<String> pairs;

    @Option(
            names = "--mode",
            defaultValue = "zoom",
            description = "zoom, refined, resize or sliding-window (default: zoom, the published method).")
    private String mode;

    @Option(names = "--seed", defaultValue = "0", description = "Seed of the clicks (default: 0).")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Folder for the results; made when it is missing.")
    private Path out;

    @Mixin
    private ProgressArguments progress = new ProgressArguments();

    @Override
    public Integer call() throws IOException {
        List<LabelledCase> cases = LabelledCases.read(data);
        List<AmbiguityPair> wanted = pairs.stream().map(AmbiguityPair::of).toList();
        Ambiguity.requirePairs(cases, wanted);
        ConsoleProgress console = progress.of(spec);
        Options options = Options.DEFAULT.withMode(Mode.of(mode)).withSeed(seed).withProgress(console);
        if (out != null) {
            Files.createDirectories(out);
            OutputFiles.requireWritable(out.resolve("ambiguity.md"), List.of());
        }
        try (SegVol loaded = SegVol.load(model.weights(), model.options())) {
            Ambiguity found = Ambiguity.run(loaded, cases, wanted, options);
            console.finish();
            String page = AmbiguityTables.markdown(
                    found,
                    List.of(
                            "data: " + data + ", " + cases.size() + " cases",
                            "weights: " + model.weights() + ", SHA-256 "
                                    + loaded.checkpoint().sha256(),
                            "engine: " + loaded.engineName() + ", mode: " + mode + ", seed: " + seed));
            if (out != null) {
                OutputFiles.writeText(page, out.resolve("ambiguity.md"));
                OutputFiles.writeText(AmbiguityTables.csv(found), out.resolve("ambiguity.csv"));
                PngFile.write(AmbiguityPicture.render(found), out.resolve("ambiguity.png"));
            }
            spec.commandLine().getOut().print(page);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
