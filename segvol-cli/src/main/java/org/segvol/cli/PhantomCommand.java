package org.segvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Preview;
import org.segvol.image.PreviewContent;
import org.segvol.image.VolumeSummary;
import org.segvol.io.PngFile;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomFolder;
import org.segvol.phantom.PhantomOptions;
import org.segvol.phantom.Structure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes CT volumes with labels. */
@Command(
        name = "phantom",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Makes up CT volumes of an abdomen with exact labels: nine organs and lesions in the liver.",
        footer = {
            "",
            "Each phantom is a folder with " + PhantomFolder.CT + ", " + PhantomFolder.LABELS + " and "
                    + PhantomFolder.NAMES + ".",
            "The same seed and options give the same files.",
            "",
            "Examples:  segvol phantom --seed 7 -o phantoms --preview",
            "           segvol phantom --seed 100 --count 20 --size 224x224x96 --orientation RAS -o phantoms"
        })
final class PhantomCommand implements Callable<Integer> {
    private static final String PREVIEW = "preview.png";

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--out", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "Where the folders go; made when it is not there.")
    private Path output;

    @Option(names = "--seed", defaultValue = "0", description = "Draws the patient and the scan (default: 0).")
    private long seed;

    @Option(
            names = "--count",
            defaultValue = "1",
            description = "How many, with seeds that follow each other (default: 1).")
    private int count;

    @Option(
            names = "--size",
            defaultValue = "256x256x96",
            paramLabel = "XxYxZ",
            description = "Voxels along the stored axes (default: 256x256x96).")
    private String size;

    @Option(
            names = "--spacing",
            paramLabel = "XxYxZ",
            description = "Voxel sizes in mm along the stored axes (default: drawn so that the body fits).")
    private String spacing;

    @Option(
            names = "--orientation",
            description =
                    "Where the stored axes grow to, such as RAS or LPS (default: drawn, at times a little oblique).")
    private String orientation;

    @Option(names = "--noise", paramLabel = "HU", description = "Standard deviation of the noise (default: drawn).")
    private Double noise;

    @Option(names = "--overwrite", description = "Replace phantoms that are in DIR already.")
    private boolean overwrite;

    @Option(names = "--preview", description = "Also draw preview.png into each folder.")
    private boolean preview;

    @Option(names = "--threads", defaultValue = "0", description = "How many threads work (default: all cores).")
    private int threads;

    @Mixin
    private ProgressArguments progress = new ProgressArguments();

    @Override
    public Integer call() throws IOException {
        if (seed < 0 || count < 1 || count > Long.MAX_VALUE - seed) {
            throw new IllegalArgumentException(
                    "the seed is 0 or more and the count 1 or more, found --seed " + seed + " --count " + count);
        }
        PhantomOptions options = new PhantomOptions(gridSize(), spacing(), orientation, noise, threads);
        if (Files.exists(output) && !Files.isDirectory(output)) {
            throw new IllegalArgumentException(output + ": this is a file; name a folder");
        }
        if (!overwrite) {
            requireNew();
        }
        ConsoleProgress console = progress.of(spec);
        PrintWriter out = spec.commandLine().getOut();
        for (int n = 0; n < count; n++) {
            Path folder = folder(n);
            Phantom phantom = Phantom.of(seed + n, options);
            PhantomFolder.write(phantom, folder);
            Map<Structure, Mask> masks = phantom.masks();
            if (preview) {
                draw(phantom, masks, folder);
            }
            console.update("phantoms", n + 1, count);
            if (n + 1 == count) {
                console.finish();
            }
            out.println(describe(phantom, masks, folder));
        }
        return 0;
    }

    private Path folder(int n) {
        return output.resolve(String.format(Locale.ROOT, "phantom-%04d", seed + n));
    }

    /** Checks before the first phantom is made that none of them replaces a file. */
    private void requireNew() {
        List<String> names = new ArrayList<>(PhantomFolder.FILES);
        if (preview) {
            names.add(PREVIEW);
        }
        for (int n = 0; n < count; n++) {
            for (String name : names) {
                Path file = folder(n).resolve(name);
                if (Files.exists(file)) {
                    throw new IllegalArgumentException(
                            file + ": this file exists already; name another folder with -o, or replace it with"
                                    + " --overwrite, nothing was changed");
                }
            }
        }
    }

    private static String describe(Phantom phantom, Map<Structure, Mask> masks, Path folder) {
        VolumeSummary s = VolumeSummary.of(phantom.image());
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %s voxels of %.2f x %.2f x %.2f mm, %s",
                folder,
                s.size(),
                s.spacing(0),
                s.spacing(1),
                s.spacing(2),
                s.orientation().codes()));
        List<String> absent = new ArrayList<>();
        masks.forEach((structure, mask) -> {
            if (mask.isEmpty()) {
                absent.add(structure.title());
            }
        });
        if (!absent.isEmpty()) {
            text.append("; not in the field of view: ").append(String.join(", ", absent));
        }
        return text.toString();
    }

    private static void draw(Phantom phantom, Map<Structure, Mask> masks, Path folder) throws IOException {
        List<PreviewContent.Layer> layers = new ArrayList<>();
        for (Map.Entry<Structure, Mask> entry : masks.entrySet()) {
            layers.add(new PreviewContent.Layer(entry.getKey().title(), entry.getValue()));
        }
        PreviewContent content =
                new PreviewContent("phantom " + phantom.seed(), layers, PreviewContent.Prompt.NONE, null);
        PngFile.write(Preview.render(phantom.image(), content), folder.resolve(PREVIEW));
    }

    private GridSize gridSize() {
        double[] n = numbers("--size", size);
        for (double v : n) {
            if (v != Math.rint(v) || v > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "--size takes whole numbers of voxels, such as 256x256x96, found " + size);
            }
        }
        return new GridSize((int) n[0], (int) n[1], (int) n[2]);
    }

    private PhantomOptions.Spacing spacing() {
        if (spacing == null) {
            return null;
        }
        double[] mm = numbers("--spacing", spacing);
        return new PhantomOptions.Spacing(mm[0], mm[1], mm[2]);
    }

    private static double[] numbers(String option, String text) {
        String[] words = text.split("x", -1);
        try {
            if (words.length == 3) {
                return new double[] {
                    Double.parseDouble(words[0]), Double.parseDouble(words[1]), Double.parseDouble(words[2])
                };
            }
            throw new NumberFormatException(words.length + " numbers");
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    option + " takes three numbers with an x between them, such as 256x256x96, found " + text, e);
        }
    }
}
