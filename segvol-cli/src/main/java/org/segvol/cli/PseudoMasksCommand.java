package org.segvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.io.NumpyVolumes;
import org.segvol.io.SparseLabels;
import org.segvol.io.Volumes;
import org.segvol.preprocess.ForegroundVolume;
import org.segvol.pseudo.Cleansing;
import org.segvol.pseudo.Planes;
import org.segvol.pseudo.PseudoMask;
import org.segvol.pseudo.PseudoMasks;
import org.segvol.pseudo.Regions;
import org.segvol.weights.Extent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes labels for training without a person. */
@Command(
        name = "pseudo-masks",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Divides CTs into regions that training can use as labels, as the released model was trained.",
        footer = {
            "",
            "Examples:  segvol pseudo-masks --data images -o regions",
            "           segvol pseudo-masks --data images --labels labels --format npy -o dataset"
        })
final class PseudoMasksCommand implements Callable<Integer> {
    /** Memory that one case needs beside its voxels is well below this. */
    private static final long BYTES_PER_JOB = 1L << 30;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description = "NIfTI files, folders of them, or folders of cases in the published layout (CASE/image.npy).")
    private List<Path> data;

    @Option(names = "-o", required = true, paramLabel = "DIR", description = "The folder to write to; made if missing.")
    private Path output;

    @Option(
            names = "--labels",
            paramLabel = "DIR",
            description = "Folder of label volumes named as the images; every label becomes a region of its own.")
    private Path labels;

    @Option(
            names = "--format",
            defaultValue = "nifti",
            description =
                    "nifti: CASE.nii.gz in the CT's grid, region n as n + 1; npy: CASE/pseudo_mask.npy of the published layout"
                            + " (default: nifti).")
    private String format;

    @Option(
            names = "--size",
            split = ",",
            paramLabel = "N",
            description = "Voxels along the stored axes in which regions grow (default: 256,256,32).")
    private List<Integer> size = List.of(256, 256, 32);

    @Option(
            names = "--smallest",
            paramLabel = "N",
            description = "Smaller regions are merged with a neighbour (default: 1000 voxels).")
    private int smallest = Regions.PUBLISHED.smallest();

    @Option(
            names = "--cleanse",
            description = "Drop small regions and parts and smooth the rest; training does it itself.")
    private boolean cleanse;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Cases at a time (default: processors, as memory allows).")
    private int jobs = defaultJobs();

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress.")
    private boolean quiet;

    private static int defaultJobs() {
        long fit = Runtime.getRuntime().maxMemory() / BYTES_PER_JOB;
        return (int) Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), fit));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!format.equals("nifti") && !format.equals("npy")) {
            throw new IllegalArgumentException("there is no format " + format + "; choose nifti or npy");
        }
        if (size.size() != 3) {
            throw new IllegalArgumentException("--size needs 3 numbers, found " + size.size());
        }
        if (jobs < 1) {
            throw new IllegalArgumentException("--jobs must be at least 1, found " + jobs);
        }
        PseudoMasks maker = new PseudoMasks(
                new Extent(size.get(0), size.get(1), size.get(2)),
                new Regions(Regions.PUBLISHED.sigma(), smallest, Regions.PUBLISHED.quantile()));
        List<PseudoMaskCase> cases = PseudoMaskCase.find(data, labels);
        Files.createDirectories(output);
        for (PseudoMaskCase one : cases) {
            OutputFiles.requireWritable(output.resolve(one.name() + ".nii.gz"), List.of(one.image()));
        }
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(jobs, cases.size()));
        try {
            List<Future<String>> results = new ArrayList<>();
            cases.forEach(one -> results.add(pool.submit(() -> make(one, maker))));
            return report(cases, results);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Prints results in the order of the cases; one that fails does not stop the others. */
    private int report(List<PseudoMaskCase> cases, List<Future<String>> results) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut(), err = spec.commandLine().getErr();
        ConsoleProgress progress = new ConsoleProgress(err);
        int failed = 0;
        for (int n = 0; n < cases.size(); n++) {
            try {
                String line = results.get(n).get();
                progress.finish();
                out.println(line);
            } catch (ExecutionException e) {
                progress.finish();
                String sentence = Sentences.of(e.getCause());
                String image = cases.get(n).image().toString();
                err.println("segvol: " + (sentence.startsWith(image) ? "" : image + ": ") + sentence);
                failed++;
            }
            if (!quiet && n + 1 < cases.size()) {
                progress.update("pseudo masks, cases", n + 1, cases.size());
            }
        }
        progress.finish();
        return failed == 0 ? 0 : 1;
    }

    private String make(PseudoMaskCase one, PseudoMasks maker) throws IOException {
        long start = System.nanoTime();
        Volume volume = one.published() ? NumpyVolumes.read(one.image()) : Volumes.read(one.image());
        PseudoMask made = maker.of(slices(volume, one.published()), volume.size(), labels(one, volume.size()));
        PseudoMask mask = cleanse ? made.cleansed(Cleansing.PUBLISHED_SHARE) : made;
        Path file = write(mask, volume, one.name());
        return String.format(
                Locale.ROOT,
                "%s: %d regions in %s, %.1f s",
                one.name(),
                mask.regions(),
                file,
                (System.nanoTime() - start) / 1e9);
    }

    private static Planes slices(Volume volume, boolean normalised) {
        if (normalised) {
            return (k, target) -> volume.voxels().read(k * target.length, target.length, target, 0);
        }
        ForegroundVolume foreground = ForegroundVolume.of(volume);
        return foreground::slice;
    }

    private static Iterable<Mask> labels(PseudoMaskCase one, GridSize grid) throws IOException {
        if (one.labels() == null) {
            return List.of();
        }
        if (one.published()) {
            return SparseLabels.read(one.labels());
        }
        Volume volume = Volumes.read(one.labels());
        if (!volume.size().equals(grid)) {
            throw new IllegalArgumentException(one.labels() + " has " + volume.size() + " voxels, its image " + grid
                    + "; both need the same grid");
        }
        return LabelValues.masks(volume);
    }

    private Path write(PseudoMask mask, Volume volume, String name) throws IOException {
        if (format.equals("nifti")) {
            Path file = output.resolve(name + ".nii.gz");
            Volumes.writeLabels(mask.labels(volume.size()), mask.largest() + 1, volume, file);
            return file;
        }
        Path folder = Files.createDirectories(output.resolve(name));
        Path file = folder.resolve("pseudo_mask.npy");
        Extent extent = mask.size();
        NumpyVolumes.writeInts(mask.ids(), new GridSize(extent.d(), extent.h(), extent.w()), file);
        return file;
    }
}
