package org.segvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.segvol.Mode;
import org.segvol.ModelOptions;
import org.segvol.Options;
import org.segvol.SegVol;
import org.segvol.demo.DemoModel;
import org.segvol.demo.Demonstration;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what the program does, without data or weights of one's own. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes up a CT that the bundled model has not seen, segments its structures by a word, a box, a click, and a word with a box,"
                    + " prints their Dice and draws a picture.",
            "The bundled model is a toy, trained on made-up CTs alone; it is not for patients' CTs."
        },
        footer = {
            "",
            "DIR gets " + DemoFiles.PICTURE + ", " + PhantomFolder.CT + ", " + PhantomFolder.LABELS
                    + ", a label map for each kind of prompt, and the model. Files of these names that an earlier demo wrote are replaced;"
                    + " DIR is refused when it holds others.",
            "",
            "Example:  segvol demo --seed 20002 -o demo"
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seed",
            defaultValue = "" + DemoModel.UNSEEN,
            description = "Draws the phantom and the clicks (default: " + DemoModel.UNSEEN + ").")
    private long seed;

    @Option(
            names = {"-o", "--out", "--output"},
            defaultValue = "segvol-demo",
            paramLabel = "DIR",
            description = "Where the files go; made when it is not there (default: segvol-demo).")
    private Path output;

    @Option(
            names = {"-w", "--weights"},
            paramLabel = "WEIGHTS",
            description = "Other weights (default: the bundled model).")
    private Path weights;

    @Option(
            names = "--mode",
            defaultValue = "zoom",
            description = "zoom, refined, resize or sliding-window (default: zoom, the published method).")
    private String mode;

    @Option(names = "--json", description = "Print one JSON object instead of a table.")
    private boolean json;

    @Mixin
    private ProgressArguments progress = new ProgressArguments();

    @Override
    public Integer call() throws IOException {
        if (seed < 0) {
            throw new IllegalArgumentException("the seed is 0 or more, found --seed " + seed);
        }
        Options options = Options.DEFAULT.withMode(Mode.of(mode)).withSeed(seed);
        long start = System.nanoTime();
        DemoFiles files = new DemoFiles(output, weights == null);
        Path model = weights == null ? files.model() : weights;
        ConsoleProgress console = progress.of(spec);
        int steps = Demonstration.KINDS.size() + 2;
        try (SegVol loaded = SegVol.load(model, ModelOptions.DEFAULT)) {
            console.update("making a phantom", 0, steps);
            long making = System.nanoTime();
            Phantom phantom = DemoModel.phantom(seed);
            files.write(phantom);
            double made = (System.nanoTime() - making) / 1e9;
            Demonstration demo = Demonstration.run(
                    loaded,
                    phantom,
                    options,
                    kind -> console.update("asking by " + kind.word(), 1 + Demonstration.KINDS.indexOf(kind), steps));
            console.update("drawing", steps - 1, steps);
            files.write(demo, DemoReport.about(seed, weights));
            console.finish();
            double seconds = (System.nanoTime() - start) / 1e9;
            print(new DemoReport(demo, files, model, weights == null, loaded.engineDescription(), made, seconds));
        }
        return 0;
    }

    private void print(DemoReport report) {
        PrintWriter out = spec.commandLine().getOut(), err = spec.commandLine().getErr();
        if (json && !progress.quiet() && weights == null) {
            err.println("segvol: " + DemoReport.TOY);
        }
        out.print(json ? report.json() : report.text());
        out.flush();
    }
}
