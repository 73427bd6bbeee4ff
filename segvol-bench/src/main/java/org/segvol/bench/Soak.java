package org.segvol.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.segvol.ModelOptions;
import org.segvol.Prompt;
import org.segvol.SegVol;
import org.segvol.Session;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;

/**
 * Uses one small model for minutes: rounds of 200 prompts over 20 sessions in 4 threads, every mask compared with the one that a single
 * thread gave before. Prints the resident memory of the process at the start (after a warm-up round), in the middle and at the end, and
 * fails when bits differ or memory grows. Run it with {@code segvol-bench/soak MINUTES}.
 */
public final class Soak {
    private static final int SESSIONS = 20;
    private static final int PROMPTS = 10;
    private static final int THREADS = 4;
    private static final double ALLOWED_GROWTH_MB = 64;
    private static final String[] SIZES = {"40x36x30", "64x48x20", "33x70x41", "90x20x50"};
    private static final String[] TEXTS = {"liver", "spleen", "left kidney", "aorta", "pancreas"};

    private final SegVol model;
    private final List<Volume> volumes = new ArrayList<>();
    private final List<List<Prompt>> prompts = new ArrayList<>();
    private final List<List<Mask>> expected = new ArrayList<>();

    private Soak(SegVol model) {
        this.model = model;
        Random random = new Random(20261124);
        for (int s = 0; s < SESSIONS; s++) {
            Volume volume = BenchPhantom.of(SIZES[s % SIZES.length]);
            volumes.add(volume);
            prompts.add(prompts(volume.size(), random));
        }
        for (int s = 0; s < SESSIONS; s++) {
            expected.add(answers(s));
        }
    }

    private static List<Prompt> prompts(GridSize size, Random random) {
        List<Prompt> prompts = new ArrayList<>();
        for (int p = 0; p < PROMPTS; p++) {
            int i = random.nextInt(size.ni() - 8), j = random.nextInt(size.nj() - 8), k = random.nextInt(size.nk() - 8);
            Prompt text = Prompt.text(TEXTS[p % TEXTS.length]);
            prompts.add(
                    switch (p % 3) {
                        case 0 -> text;
                        case 1 -> text.box(VoxelBox.of(i, j, k, i + 7, j + 7, k + 7));
                        default -> Prompt.NONE.point(new VoxelPoint(i + 4, j + 4, k + 4));
                    });
        }
        return prompts;
    }

    private List<Mask> answers(int s) {
        List<Mask> masks = new ArrayList<>();
        try (Session session = model.open(volumes.get(s))) {
            for (Prompt prompt : prompts.get(s)) {
                masks.add(session.segment(prompt).mask());
            }
        }
        return masks;
    }

    /** How many masks differ in one round of all prompts. */
    private int round(ExecutorService threads) throws InterruptedException, ExecutionException {
        List<Future<Integer>> results = new ArrayList<>();
        for (int s = 0; s < SESSIONS; s++) {
            int which = s;
            results.add(threads.submit(() -> {
                List<Mask> found = answers(which);
                int wrong = 0;
                for (int p = 0; p < PROMPTS; p++) {
                    wrong += found.get(p).equals(expected.get(which).get(p)) ? 0 : 1;
                }
                return wrong;
            }));
        }
        int wrong = 0;
        for (Future<Integer> result : results) {
            wrong += result.get();
        }
        return wrong;
    }

    /** Resident memory in MB, after garbage was collected. */
    private static double residentMegabytes() throws IOException, InterruptedException {
        for (int n = 0; n < 3; n++) {
            System.gc(); // lets go of what native memory only garbage holds
            Thread.sleep(200);
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("/proc/self/status has no VmRSS");
    }

    /** Runs for so many minutes; exit code 1 when bits differ or memory grows. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        double minutes = Double.parseDouble(arguments[0]);
        String engine = arguments.length > 1 ? arguments[1] : "auto";
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        int code;
        try (SegVol model = SegVol.load(
                SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2), ModelOptions.DEFAULT.withEngine(engine))) {
            Soak soak = new Soak(model);
            int wrong = soak.round(threads);
            double start = residentMegabytes();
            double middle = 0;
            long begun = System.nanoTime();
            long nanos = (long) (minutes * TimeUnit.MINUTES.toNanos(1));
            int rounds = 1;
            while (System.nanoTime() - begun < nanos) {
                wrong += soak.round(threads);
                rounds++;
                if (middle == 0 && System.nanoTime() - begun > nanos / 2) {
                    middle = residentMegabytes();
                }
            }
            double end = residentMegabytes();
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d rounds, %d prompts in %.1f minutes; resident MB at start %.0f, middle %.0f, end %.0f; wrong masks %d%n",
                    model.engineName(),
                    rounds,
                    rounds * SESSIONS * PROMPTS,
                    minutes,
                    start,
                    middle,
                    end,
                    wrong);
            code = wrong > 0 || end - start > ALLOWED_GROWTH_MB ? 1 : 0;
        } finally {
            threads.shutdown();
        }
        System.exit(code); // native libraries leave threads behind
    }
}
