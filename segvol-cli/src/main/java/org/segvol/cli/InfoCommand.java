package org.segvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.segvol.files.PlainText;
import org.segvol.image.Intensities;
import org.segvol.image.Volume;
import org.segvol.image.VolumeSummary;
import org.segvol.io.DicomSeries;
import org.segvol.io.SeveralSeriesException;
import org.segvol.io.SeveralVolumesException;
import org.segvol.io.VolumeFormatException;
import org.segvol.io.Volumes;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.CheckpointException;
import org.segvol.weights.DType;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;
import org.segvol.weights.ParameterTable.Comparison;
import org.segvol.weights.TensorInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what a file is. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Tells what a CT or a checkpoint is, by its content.",
        footer = {
            "",
            "Examples:  segvol info ct.nii.gz",
            "           segvol info dicom/",
            "           segvol info SegVol_v1.pth"
        })
final class InfoCommand implements Callable<Integer> {
    private static final int SHOWN = 5;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "A NIfTI file, a folder with DICOM images, or a checkpoint.")
    private Path file;

    @Option(
            names = "--volume",
            paramLabel = "N",
            defaultValue = "0",
            description = "Which volume of an image that holds several, counted from 0 (default: 0).")
    private int volume;

    @Option(
            names = "--series",
            paramLabel = "N",
            description =
                    "Which series of a folder with DICOM images that holds several, by number or identifier; without it they are listed.")
    private String series;

    @Mixin
    private ConfigArguments config = new ConfigArguments();

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            return describe(checkpoint);
        } catch (CheckpointException notWeights) {
            try {
                describeImage();
                return 0;
            } catch (VolumeFormatException notAnImage) {
                boolean meantAsImage =
                        Files.isDirectory(file) ? !DicomSeries.in(file).isEmpty() : Volumes.isNifti(file);
                if (meantAsImage) {
                    throw notAnImage;
                }
                throw new IOException(
                        "this is neither weights nor an image. As weights: " + notWeights.getMessage()
                                + ". As an image: " + notAnImage.getMessage(),
                        notAnImage);
            }
        }
    }

    private int describe(Checkpoint checkpoint) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(file + ": weights, " + checkpoint.format().description());
        List<TensorInfo> tensors = List.copyOf(checkpoint.tensors().values());
        Map<DType, Long> types =
                tensors.stream().collect(Collectors.groupingBy(TensorInfo::dtype, Collectors.counting()));
        long parameters = tensors.stream().mapToLong(TensorInfo::elementCount).sum();
        out.printf(Locale.ROOT, "  tensors     %d (%s), %,d parameters%n", tensors.size(), types, parameters);
        out.println("  SHA-256     " + checkpoint.sha256());
        checkpoint.metadata().forEach((key, value) -> {
            if (!key.endsWith("config")) {
                // a stranger's text must not steer the terminal
                out.println("  " + PlainText.of(key + "  " + value));
            }
        });
        if (!checkpoint.ignored().isEmpty()) {
            out.println("  ignored     " + some(checkpoint.ignored()));
        }
        ModelConfig c;
        try {
            c = checkpoint.config(config.hints());
        } catch (CheckpointException e) {
            out.println("  model       cannot be told: " + e.getMessage());
            return 1;
        }
        out.printf(
                Locale.ROOT,
                "  window      %s voxels (d,h,w), patches %s, %d tokens%n",
                c.window(),
                c.patch(),
                c.grid().count());
        out.printf(
                Locale.ROOT,
                "  image       %d layers, width %d, %d heads, MLP %d%n",
                c.layers(),
                c.hidden(),
                c.heads(),
                c.mlp());
        out.printf(
                Locale.ROOT,
                "  text        %d layers, width %d, %d heads, %d tokens in the vocabulary%n",
                c.textLayers(),
                c.textHidden(),
                c.textHeads(),
                c.textVocabulary());
        out.printf(
                Locale.ROOT,
                "  decoder     %d layers, %d heads, %d mask tokens%n",
                c.decoderDepth(),
                c.decoderHeads(),
                c.maskTokens());
        ParameterTable table = ParameterTable.of(c);
        Comparison comparison = (checkpoint.imageEncoderOnly() ? table.imageEncoder() : table).compare(checkpoint);
        if (!comparison.matches()) {
            out.println("  complete    no: " + comparison.message());
            return 1;
        }
        out.println("  complete    " + (checkpoint.imageEncoderOnly() ? "the image encoder alone" : "yes"));
        return 0;
    }

    /** The first few of a list, and how many more there are. */
    static String some(List<String> lines) {
        String first = lines.stream().limit(SHOWN).collect(Collectors.joining("; "));
        return lines.size() > SHOWN ? first + "; and " + (lines.size() - SHOWN) + " more" : first;
    }

    private void describeImage() throws IOException {
        if (Files.isDirectory(file)) {
            describeFolder();
            return;
        }
        ChosenVolume.requireFolder(file, series);
        long volumes = 1;
        Volume shown;
        try {
            shown = Volumes.read(file);
            if (volume != 0) {
                shown = Volumes.read(file, volume); // there is none, and it says so
            }
        } catch (SeveralVolumesException several) {
            volumes = several.volumes();
            shown = Volumes.read(file, volume);
        }
        describe(VolumeSummary.of(shown), volumes);
    }

    private void describeFolder() throws IOException {
        try {
            describe(VolumeSummary.of(series == null ? Volumes.read(file) : Volumes.readSeries(file, series)), 1);
        } catch (SeveralSeriesException several) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(file + ": " + several.series().size() + " series of DICOM images; --series chooses one");
            several.series().forEach(one -> out.println("  " + PlainText.of(one + ", " + one.identifier())));
        }
    }

    private void describe(VolumeSummary s, long volumes) {
        PrintWriter out = spec.commandLine().getOut();
        Intensities v = s.intensities();
        out.println(file + ": "
                + (volumes == 1 ? "a volume" : volumes + " volumes; number " + volume + " of them (--volume)"));
        out.printf(Locale.ROOT, "  voxels      %s, %s%n", s.size(), s.type().label());
        out.printf(
                Locale.ROOT,
                "  spacing     %.3f x %.3f x %.3f mm, extent %.0f x %.0f x %.0f mm%n",
                s.spacing(0),
                s.spacing(1),
                s.spacing(2),
                s.extent(0),
                s.extent(1),
                s.extent(2));
        out.println("  orientation " + s.orientation().codes() + " (sform code "
                + s.forms().sformCode() + ", qform code " + s.forms().qformCode() + ")");
        out.printf(Locale.ROOT, "  scale       value = stored * %s + %s%n", s.slope(), s.intercept());
        out.printf(
                Locale.ROOT,
                "  values      %.1f to %.1f, mean %.1f, median %.1f, 0.5%% to 99.5%%: %.1f to %.1f%n",
                v.min(),
                v.max(),
                v.mean(),
                v.median(),
                v.low(),
                v.high());
        if (v.notFinite() > 0) {
            out.println("  not finite  " + v.notFinite() + " voxels: replace them before segmenting");
        }
        out.println("  CT in HU    " + (s.looksLikeCt() ? "looks like it" : "does not look like it"));
    }
}
