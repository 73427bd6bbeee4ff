package org.segvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.segvol.pseudo.PseudoMasks;
import org.segvol.pseudo.Regions;
import org.segvol.weights.Extent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "The folder to write to; made if missing.")
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
                    "nifti: CASE.nii.gz in the CT's grid, region n as n + 1; npy: CASE/pseudo_mask.npy; published: a whole data set in the"
                            + " published layout, of labelled cases"
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

    @Mixin
    private ProgressArguments progress = new ProgressArguments();

    private static int defaultJobs() {
        long fit = Runtime.getRuntime().maxMemory() / BYTES_PER_JOB;
        return (int) Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), fit));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (size.size() != 3) {
            throw new IllegalArgumentException("--size needs 3 numbers, found " + size.size());
        }
        if (jobs < 1) {
            throw new IllegalArgumentException("--jobs must be at least 1, found " + jobs);
        }
        PseudoMasks maker = new PseudoMasks(
                new Extent(size.get(0), size.get(1), size.get(2)),
                new Regions(Regions.PUBLISHED.sigma(), smallest, Regions.PUBLISHED.quantile()));
        PseudoMaskWriter writer = new PseudoMaskWriter(maker, cleanse, PseudoMaskWriter.format(format), output);
        List<PseudoMaskCase> cases = PseudoMaskCase.find(data, labels);
        writer.check(cases);
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(jobs, cases.size()));
        try {
            List<Future<String>> results = new ArrayList<>();
            cases.forEach(one -> results.add(pool.submit(() -> writer.write(one))));
            int failed = report(cases, results);
            if (failed == 0) {
                writer.finish(cases);
            }
            return failed == 0 ? 0 : 1;
        } finally {
            pool.shutdownNow();
        }
    }

    /** Prints results in the order of the cases; one that fails does not stop the others. Returns how many failed. */
    private int report(List<PseudoMaskCase> cases, List<Future<String>> results) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut(), err = spec.commandLine().getErr();
        ConsoleProgress console = progress.of(spec);
        int failed = 0;
        for (int n = 0; n < cases.size(); n++) {
            try {
                String line = results.get(n).get();
                console.finish();
                out.println(line);
            } catch (ExecutionException e) {
                console.finish();
                String sentence = Sentences.of(e.getCause());
                String image = cases.get(n).image().toString();
                err.println("segvol: " + (sentence.startsWith(image) ? "" : image + ": ") + sentence);
                failed++;
            }
            if (n + 1 < cases.size()) {
                console.update("pseudo masks, cases", n + 1, cases.size());
            }
        }
        console.finish();
        return failed;
    }
}
