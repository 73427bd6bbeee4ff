package org.segvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.segvol.Mode;
import org.segvol.Options;
import org.segvol.Progress;
import org.segvol.SegVol;
import org.segvol.data.LabelledCase;
import org.segvol.data.LabelledCases;
import org.segvol.evaluate.CsvTable;
import org.segvol.evaluate.Evaluation;
import org.segvol.evaluate.EvaluationCharts;
import org.segvol.evaluate.EvaluationOptions;
import org.segvol.evaluate.Evaluator;
import org.segvol.evaluate.JsonReport;
import org.segvol.evaluate.MarkdownTables;
import org.segvol.evaluate.PromptKind;
import org.segvol.evaluate.ViolinChart;
import org.segvol.evaluate.ViolinPlot;
import org.segvol.io.PngFile;
import org.segvol.preprocess.Variant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a model on labelled data. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures weights on CTs with labels: Dice, normalised surface distance and 95%% Hausdorff distance of every structure by every"
                    + " kind of prompt, with encoder passes and time.",
            "Boxes and clicks are derived from the labels, names are the data's. Prints tables in Markdown; with --out writes them as"
                    + " summary.md, measurements.csv and report.json with violin plots as PNG."
        },
        footer = {
            "",
            "DATA is a folder with CASE/ct.nii.gz and CASE/labels.nii.gz, a folder of nnU-Net (imagesTr, labelsTr, dataset.json), or a",
            "JSON list [{\"image\": \"ct.nii.gz\", \"label\": \"labels.nii.gz\", \"names\": {\"1\": \"liver\"}}].",
            "labels.json or dataset.json in the folder names the label values: {\"1\": \"liver\", \"2\": \"spleen\"}.",
            "",
            "Example:  segvol evaluate --data cases -w segvol.safetensors --prompts text,box,text+box --modes zoom,resize --out results"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true, paramLabel = "DATA", description = "Labelled cases, see below.")
    private Path data;

    @Mixin
    private ModelArguments model = new ModelArguments();

    @Option(
            names = "--prompts",
            split = ",",
            paramLabel = "KIND",
            defaultValue = "text,box,point,text+box,text+point",
            description = "Kinds of prompts: text, box, point, text+box, text+point (default: all).")
    private List<String> prompts;

    @Option(
            names = "--modes",
            split = ",",
            paramLabel = "MODE",
            defaultValue = "zoom",
            description = "zoom, resize, sliding-window, refined (default: zoom).")
    private List<String> modes;

    @Option(
            names = "--names",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Measure these structures only (default: all that the data names); a name with a comma in double quotes.")
    private List<String> names = List.of();

    @Option(
            names = "--variant",
            defaultValue = "github",
            description = "github, hf, segfm or ras: which published program to equal (default: github).")
    private String variant;

    @Option(
            names = "--extra-clicks",
            split = ",",
            paramLabel = "N",
            description =
                    "Clicks inside and outside beside the first of a point prompt, P,N; 0,0 for single clicks (default: as the variant"
                            + " has them, 3,3 for github).")
    private List<Integer> extraClicks;

    @Option(names = "--seed", defaultValue = "0", description = "Seed of the clicks (default: 0).")
    private long seed;

    @Option(
            names = "--tolerance",
            defaultValue = "2",
            paramLabel = "MM",
            description = "Tolerance of the normalised surface distance in mm (default: 2).")
    private double tolerance;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Folder for tables and figures; made when it is missing.")
    private Path out;

    @Option(names = "--json", description = "Print JSON instead of Markdown.")
    private boolean json;

    @Mixin
    private ProgressArguments progress = new ProgressArguments();

    @Override
    public Integer call() throws IOException {
        List<LabelledCase> cases = LabelledCases.read(data);
        ConsoleProgress console = progress.of(spec);
        EvaluationOptions options = options(console);
        if (out != null) {
            Files.createDirectories(out);
            OutputFiles.requireWritable(out.resolve("summary.md"), List.of());
        }
        try (SegVol loaded = SegVol.load(model.weights(), model.options())) {
            Evaluation evaluation = Evaluator.run(loaded, cases, options);
            console.finish();
            Map<String, Object> about = about(loaded, cases, options);
            String page = MarkdownTables.of(evaluation, lines(about)), report = JsonReport.of(evaluation, about);
            if (out != null) {
                write(evaluation, page, report);
            }
            PrintWriter results = spec.commandLine().getOut();
            results.print(json ? report : page);
            results.flush();
        }
        return 0;
    }

    private EvaluationOptions options(Progress progress) {
        Variant chosen = Variant.of(variant);
        if (extraClicks != null) {
            if (extraClicks.size() != 2) {
                throw new IllegalArgumentException("--extra-clicks needs two numbers P,N, found " + extraClicks.size()
                        + "; 0,0 for single clicks");
            }
            chosen = chosen.withExtraClicks(extraClicks.get(0), extraClicks.get(1));
        }
        Set<String> wanted = new LinkedHashSet<>();
        names.forEach(name -> wanted.add(name.replaceAll("^\\s*\"?|\"?\\s*$", ""))); // quotes protect commas
        return new EvaluationOptions(
                prompts.stream().map(PromptKind::of).toList(),
                modes.stream().map(Mode::of).toList(),
                wanted,
                tolerance,
                Options.DEFAULT.withVariant(chosen).withSeed(seed).withProgress(progress));
    }

    private Map<String, Object> about(SegVol loaded, List<LabelledCase> cases, EvaluationOptions options)
            throws IOException {
        Variant variant = options.inference().variant();
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("data", data.toString());
        about.put("cases", cases.size());
        about.put("weights", model.weights().toString());
        about.put("weights_sha256", loaded.checkpoint().sha256());
        about.put("engine", loaded.engineName());
        about.put("precision", model.precision());
        about.put("variant", variant.name());
        about.put("extra_clicks", List.of(variant.extraPositive(), variant.extraNegative()));
        about.put("seed", seed);
        return about;
    }

    private static List<String> lines(Map<String, Object> about) {
        return about.entrySet().stream()
                .map(entry -> entry.getKey().replace('_', ' ') + ": " + entry.getValue())
                .toList();
    }

    private void write(Evaluation evaluation, String page, String report) throws IOException {
        OutputFiles.writeText(page, out.resolve("summary.md"));
        OutputFiles.writeText(CsvTable.of(evaluation), out.resolve("measurements.csv"));
        OutputFiles.writeText(report, out.resolve("report.json"));
        for (Map.Entry<String, ViolinChart> chart :
                EvaluationCharts.of(evaluation).entrySet()) {
            PngFile.write(ViolinPlot.render(chart.getValue()), out.resolve(chart.getKey() + ".png"));
        }
    }
}
