package org.segvol.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.segvol.LabelMap;
import org.segvol.MemoryNeed;
import org.segvol.Mode;
import org.segvol.ModelOptions;
import org.segvol.Options;
import org.segvol.Prompt;
import org.segvol.SegVol;
import org.segvol.Segmentation;
import org.segvol.Session;
import org.segvol.image.Affine;
import org.segvol.image.Preview;
import org.segvol.image.PreviewContent;
import org.segvol.image.Volume;
import org.segvol.image.VoxelPoint;
import org.segvol.infer.ZoomInference;
import org.segvol.io.PngFile;
import org.segvol.preprocess.Variant;
import org.segvol.text.ClipTokenizer;
import org.segvol.text.Vocabulary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Segments a CT. */
@Command(
        name = "segment",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Segments structures in a CT and writes a mask in the CT's own grid.",
        footer = {
            "",
            "Examples:",
            "  segvol segment ct.nii.gz -w segvol.safetensors --text liver -o liver.nii.gz",
            "  segvol segment ct.nii.gz -w segvol.safetensors --text liver --text spleen -o organs.nii.gz --preview organs.png",
            "  segvol segment ct.nii.gz -w segvol.safetensors --box 40,90,110,62,140,171 -o lesion.nii.gz --json",
            "  segvol segment dicom/ --series 3 -w segvol.safetensors --text liver -o liver.nii.gz",
            "",
            "Several structures give one label map (1 for the first, 2 for the second; the higher probability wins) with their names in",
            "a JSON file beside it; --separate gives one mask each. --probabilities writes OUT.probability.nii.gz (float32) beside OUT, or",
            "OUT.<structure>.probability.nii.gz for each of several. Structures of one name are numbered, as in \"liver tumor 2\"."
        })
final class SegmentCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "CT",
            description =
                    "A CT as NIfTI (.nii, .nii.gz, or either file of a .hdr/.img pair), or a folder with a series of DICOM images.")
    private Path ct;

    @Mixin
    private ModelArguments model = new ModelArguments();

    @Mixin
    private PromptArguments prompts = new PromptArguments();

    @Option(
            names = "--prompts",
            paramLabel = "FILE.json",
            description = "A JSON list of structures, each with its own text, box, points.")
    private Path promptFile;

    @Option(names = "--all", description = "Every structure of the vocabulary that the model was trained with.")
    private boolean all;

    @Option(
            names = {"-o", "--out", "--output"},
            required = true,
            paramLabel = "OUT.nii.gz",
            description = "The mask or label map.")
    private Path output;

    @Option(
            names = "--variant",
            defaultValue = "github",
            description = "Which published program to equal: github, hf, segfm or ras (default: github).")
    private String variant;

    @Option(
            names = "--mode",
            defaultValue = "zoom",
            description = "zoom, refined, resize or sliding-window (default: zoom, the published method).")
    private String mode;

    @Option(names = "--seed", defaultValue = "0", description = "Seed of random clicks (default: 0).")
    private long seed;

    @Option(
            names = "--threshold",
            defaultValue = "0.5",
            description = "Probability above which a voxel counts (default: 0.5).")
    private double threshold;

    @Mixin
    private ChosenVolume source = new ChosenVolume();

    @Option(names = "--probabilities", description = "Also write a probability for every voxel.")
    private boolean probabilities;

    @Option(names = "--separate", description = "One mask for each structure instead of a label map.")
    private boolean separate;

    @Option(names = "--preview", paramLabel = "P.png", description = "Also draw a picture of the result.")
    private Path preview;

    @Option(names = "--stability", description = "Also report how far the result depends on where exactly you pointed.")
    private boolean stability;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    @Mixin
    private ProgressArguments progress = new ProgressArguments();

    @Override
    public Integer call() throws IOException {
        Options options = options();
        OutputFiles.requireNifti(output);
        List<PromptFile.Structure> wanted = wanted();
        List<String> names = StructureNames.different(
                wanted.stream().map(PromptFile.Structure::name).toList());
        SegmentFiles files = SegmentFiles.of(output, names, separate, probabilities, preview);
        checkBeforeLoading(options, wanted, files);
        ConsoleProgress console = progress.of(spec);
        options = options.withProgress(console);
        long start = System.nanoTime();
        Preparation.engine(model.options().engine());
        try (SegVol loaded = SegVol.load(model.weights(), modelOptions(options.mode()));
                Preparation ahead = new Preparation(loaded, options)) {
            if (json) {
                ahead.hash();
            }
            Volume volume = source.read(ct);
            List<Prompt> placed = placed(wanted, volume.affine());
            ahead.of(placed.stream().limit(1).toList());
            SegmentReport report = new SegmentReport(loaded, options, model.precision(), ct, model.weights(), start);
            try (Session session = loaded.open(volume, fitted(options, volume, files, loaded))) {
                LabelMap map = files.together() ? session.segmentMap(placed) : null;
                List<Segmentation> found = map != null ? map.structures() : session.segmentAll(placed);
                List<Double> stabilities =
                        stability ? placed.stream().map(session::stability).toList() : List.of();
                console.finish();
                long writing = System.nanoTime();
                files.write(volume, names, found, map);
                if (preview != null) {
                    drawPreview(volume, names, found);
                }
                report.add(names, found, map, files.masks(), stabilities, System.nanoTime() - writing);
            }
            spec.commandLine().getOut().print(json ? report.json() : report.text());
        }
        return 0;
    }

    private Options fitted(Options options, Volume volume, SegmentFiles files, SegVol loaded) {
        MemoryNeed.Result result = files.together() ? MemoryNeed.Result.LABEL_MAP : MemoryNeed.Result.MASKS;
        return new HeapFit(
                        volume,
                        loaded.config(),
                        files.masks().size(),
                        result,
                        Runtime.getRuntime().maxMemory())
                .fit(options, spec.commandLine().getErr());
    }

    /** Packing weights takes as long as it saves in some ten windows. */
    private ModelOptions modelOptions(Mode of) {
        boolean fewWindows = (of == Mode.RESIZE || of == Mode.ZOOM)
                && !all
                && promptFile == null
                && prompts.texts().size() < 3;
        ModelOptions chosen = model.options();
        return chosen.withEngineOptions(chosen.engineOptions().withPacked(!fewWindows));
    }

    private Options options() {
        return Options.DEFAULT
                .withVariant(Variant.of(variant))
                .withMode(Mode.of(mode))
                .withSeed(seed)
                .withThreshold(threshold)
                .withProbabilities(probabilities);
    }

    /** What is asked for. Places given in millimetres are not yet those of the volume: see {@link #placed}. */
    private List<PromptFile.Structure> wanted() throws IOException {
        if (prompts.isEmpty() && promptFile == null && !all) {
            throw new IllegalArgumentException("there is no prompt: give --text, --box, --point, --prompts or --all");
        }
        if (prompts.onlyNegative()) {
            throw new IllegalArgumentException("--negative-point alone says only what the structure is not;"
                    + " say what it is with --text, --box or --point");
        }
        if ((all || promptFile != null) && (!prompts.isEmpty() || (all && promptFile != null))) {
            throw new IllegalArgumentException("--all and --prompts stand alone; leave the other prompts out");
        }
        if (promptFile != null) {
            return PromptFile.read(promptFile);
        }
        List<Prompt> given = all
                ? Vocabulary.bundled().structures().stream().map(Prompt::text).toList()
                : prompts.prompts(Affine.scaling(1, 1, 1));
        return given.stream()
                .map(p -> new PromptFile.Structure(p.text() == null ? "structure" : p.text(), p))
                .toList();
    }

    private List<Prompt> placed(List<PromptFile.Structure> wanted, Affine affine) {
        return prompts.isEmpty()
                ? wanted.stream().map(PromptFile.Structure::prompt).toList()
                : prompts.prompts(affine);
    }

    /** What is wrong without looking at the volume or the weights should be said at once. */
    private void checkBeforeLoading(Options options, List<PromptFile.Structure> wanted, SegmentFiles files)
            throws IOException {
        for (int i = 0; i < wanted.size(); i++) {
            try {
                requireAllowed(wanted.get(i).prompt(), options);
            } catch (IllegalArgumentException e) {
                throw promptFile == null
                        ? e
                        : new IllegalArgumentException(promptFile + ": prompt " + i + ": " + e.getMessage(), e);
            }
        }
        if (preview != null) {
            OutputFiles.requirePng(preview);
        }
        List<Path> inputs = new ArrayList<>(List.of(ct, model.weights()));
        if (promptFile != null) {
            inputs.add(promptFile);
        }
        files.requireWritable(inputs);
        model.options();
    }

    private static void requireAllowed(Prompt prompt, Options options) {
        if (prompt.text() != null) {
            ClipTokenizer.bundled().encodePrompt(prompt.text());
        }
        if (options.mode() == Mode.ZOOM) {
            ZoomInference.requireAllowed(
                    options.variant(), prompt.box() != null, !prompt.clicks().isEmpty());
        }
    }

    private void drawPreview(Volume volume, List<String> names, List<Segmentation> found) throws IOException {
        List<PreviewContent.Layer> layers = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            layers.add(new PreviewContent.Layer(names.get(i), found.get(i).mask()));
        }
        Prompt first = found.get(0).prompt();
        List<VoxelPoint> inside = new ArrayList<>(), outside = new ArrayList<>();
        first.clicks().forEach(click -> (click.inside() ? inside : outside).add(click.at()));
        PreviewContent.Prompt drawn =
                new PreviewContent.Prompt(found.size() == 1 ? first.text() : null, first.box(), inside, outside);
        PngFile.write(
                Preview.render(volume, new PreviewContent(ct.getFileName().toString(), layers, drawn, null)), preview);
    }
}
