package org.segvol.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.segvol.Mode;
import org.segvol.Options;
import org.segvol.Prompt;
import org.segvol.SegVol;
import org.segvol.Segmentation;
import org.segvol.Session;
import org.segvol.image.Volume;
import org.segvol.io.Volumes;
import org.segvol.testing.SyntheticWeights;
import org.segvol.weights.ModelConfig;

/**
 * The rows of {@link SessionBenchmark} for a volume that needs so many windows that no row can be repeated: each is run once, in one process,
 * and windows that an earlier row encoded are used again where a user's session would. Run it with
 * {@code segvol-bench/large-session CT [WEIGHTS [PART...]]}.
 */
public final class LargeSession {
    private static final List<String> PARTS = List.of("refined", "resize", "sliding-window", "zoom");
    private static final int BOX = 16;

    private final SegVol model;
    private final Volume ct;

    private LargeSession(SegVol model, Volume ct) {
        this.model = model;
        this.ct = ct;
    }

    /** A CT as NIfTI; perhaps weights, otherwise synthetic ones of released size; and perhaps the parts that are wanted. */
    public static void main(String[] args) throws IOException {
        if (args.length < 1) {
            throw new IllegalArgumentException("expected CT [WEIGHTS [PART...]] with the parts " + PARTS);
        }
        List<String> parts = args.length > 2 ? List.of(args).subList(2, args.length) : PARTS;
        if (!PARTS.containsAll(parts)) {
            throw new IllegalArgumentException("the parts are " + PARTS + ", found " + parts);
        }
        Path weights = args.length > 1 ? Path.of(args[1]) : SyntheticWeights.fullSizeFile(ModelConfig.RELEASED, 1);
        Volume ct = Volumes.read(Path.of(args[0]));
        try (SegVol model = SegVol.load(weights)) {
            System.out.println(model.engineDescription() + ", " + ct.size());
            LargeSession rows = new LargeSession(model, ct);
            for (String part : parts) {
                switch (part) {
                    case "resize" -> rows.view();
                    case "sliding-window" -> rows.boxes();
                    default -> rows.texts(Mode.of(part));
                }
            }
        }
    }

    /** One session: in mode refined all windows lie on one lattice, in mode zoom they start at each structure's region. */
    private void texts(Mode mode) {
        Options options = Options.DEFAULT.withMode(mode).withCacheBytes(2L << 30);
        String name = mode.word();
        try (Session session = model.open(ct, options)) {
            row(name + ", first answer", () -> List.of(session.segment(Prompt.text("liver"))));
            row(
                    name + ", the same again: view and windows known",
                    () -> List.of(session.segment(Prompt.text("liver"))));
            row(name + ", ten texts together in this session", () -> session.segmentAll(texts(SessionBenchmark.TEN)));
        }
    }

    /** A session that looks at the zoom-out view alone. */
    private void view() {
        try (Session session = model.open(ct, Options.DEFAULT.withMode(Mode.RESIZE))) {
            row("resize, first answer", () -> List.of(session.segment(Prompt.text("liver"))));
            for (String name : List.of("spleen", "aorta", "pancreas")) {
                row("resize, next answer: view known", () -> List.of(session.segment(Prompt.text(name))));
            }
        }
    }

    private static List<Prompt> texts(List<String> names) {
        return names.stream().map(Prompt::text).toList();
    }

    /** Ten small boxes in a corner, which all lie in one window: what does not depend on how much the weights find. */
    private void boxes() {
        Options options = Options.DEFAULT.withMode(Mode.SLIDING_WINDOW);
        List<Prompt> boxes = IntStream.range(0, SessionBenchmark.TEN.size())
                .mapToObj(n -> Prompt.box(4 * n, 48 + 4 * n, 0, 4 * n + BOX - 1, 48 + 4 * n + BOX - 1, BOX / 2))
                .toList();
        row("sliding-window, ten boxes together", () -> {
            try (Session session = model.open(ct, options)) {
                return session.segmentAll(boxes);
            }
        });
        row("sliding-window, ten boxes, a session each", () -> boxes.stream()
                .map(box -> {
                    try (Session session = model.open(ct, options)) {
                        return session.segment(box);
                    }
                })
                .toList());
    }

    private static void row(String name, Supplier<List<Segmentation>> work) {
        long start = System.nanoTime();
        List<Segmentation> found = work.get();
        double seconds = (System.nanoTime() - start) / 1e9;
        int passes = found.stream().mapToInt(Segmentation::encoderPasses).sum();
        int windows = found.stream().mapToInt(s -> s.trace().windows().size()).sum();
        System.out.printf(
                Locale.ROOT,
                "%-48s %8.2f s, %3d encoder passes, %3d windows decoded%n",
                name,
                seconds,
                passes,
                windows);
    }
}
