package org.segvol.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.segvol.ModelOptions;
import org.segvol.Options;
import org.segvol.Prompt;
import org.segvol.SegVol;
import org.segvol.Segmentation;
import org.segvol.Session;
import org.segvol.image.Volume;
import org.segvol.io.Volumes;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.EngineOptions.Precision;
import org.segvol.testing.SyntheticWeights;
import org.segvol.weights.ModelConfig;

/** Whole answers of a session at released size: the rows of docs/sessions.md. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Fork(1)
public class SessionBenchmark {
    static final List<String> TEN = List.of(
            "liver",
            "spleen",
            "left kidney",
            "right kidney",
            "stomach",
            "aorta",
            "urinary bladder",
            "left lung",
            "pancreas",
            "duodenum");

    /** A size such as 512x512x300 for a phantom, or a NIfTI file. */
    @Param({"122x101x112"})
    public String volume;

    /** One of the modes. */
    @Param({"zoom", "refined"})
    public String mode;

    /** The engine's precision. */
    @Param({"f32"})
    public String precision;

    private SegVol model;
    private Volume ct;
    private Options options;
    private Session warm;

    /** Loads the model, and for the row with cached windows a session that has answered the prompt before. */
    @Setup(Level.Trial)
    public void load(BenchmarkParams parameters) throws IOException {
        model = SegVol.load(
                SyntheticWeights.fullSizeFile(ModelConfig.RELEASED, 1),
                ModelOptions.DEFAULT.withEngineOptions(
                        new EngineOptions(Precision.valueOf(precision.toUpperCase(Locale.ROOT)), 0)));
        ct = volume.endsWith(".nii") || volume.endsWith(".nii.gz")
                ? Volumes.read(Path.of(volume))
                : BenchPhantom.of(volume);
        options = Options.DEFAULT.withMode(org.segvol.Mode.of(mode)).withCacheBytes(4L << 30);
        warm = model.open(ct, options);
        if (parameters.getBenchmark().endsWith("nextAnswerCachedWindows")) {
            warm.segment(Prompt.text("liver"));
        }
    }

    /** Frees everything. */
    @TearDown(Level.Trial)
    public void close() {
        warm.close();
        model.close();
    }

    /** Opening a session and its first answer. */
    @Benchmark
    public long firstAnswer() {
        try (Session session = model.open(ct, options)) {
            return session.segment(Prompt.text("liver")).mask().count();
        }
    }

    /** A session whose zoom-out view is encoded and that keeps no windows. */
    @State(Scope.Thread)
    public static class ViewOnly {
        private Session session;

        /** Encodes the view. */
        @Setup(Level.Iteration)
        public void open(SessionBenchmark bench) {
            session = bench.model.open(bench.ct, bench.options.withCacheBytes(0));
            session.encode();
        }

        /** Lets it go. */
        @TearDown(Level.Iteration)
        public void close() {
            session.close();
        }
    }

    /** A session that answers from the zoom-out view alone, and has answered before. */
    @State(Scope.Thread)
    public static class KnownView {
        private Session session;

        /** Answers something else. */
        @Setup(Level.Trial)
        public void open(SessionBenchmark bench) {
            session = bench.model.open(bench.ct, bench.options.withMode(org.segvol.Mode.RESIZE));
            session.segment(Prompt.text("liver"));
        }

        /** Lets it go. */
        @TearDown(Level.Trial)
        public void close() {
            session.close();
        }
    }

    /** The zoom-out view is encoded, and nothing else is looked at: mode {@code resize} whatever the parameter says. */
    @Benchmark
    public long nextAnswerKnownView(KnownView view) {
        return view.session.segment(Prompt.text("spleen")).mask().count();
    }

    /** The zoom-out view is encoded, the windows are not. */
    @Benchmark
    public long nextAnswerNewWindows(ViewOnly view) {
        return view.session.segment(Prompt.text("spleen")).mask().count();
    }

    /** The zoom-out view and the windows are encoded. */
    @Benchmark
    public long nextAnswerCachedWindows() {
        return warm.segment(Prompt.text("liver")).mask().count();
    }

    /** Ten structures in one call. */
    @Benchmark
    public long tenTogether() {
        try (Session session = model.open(ct, options)) {
            return session.segmentAll(TEN.stream().map(Prompt::text).toList()).stream()
                    .mapToLong(Segmentation::encoderPasses)
                    .sum();
        }
    }

    /** Ten structures, each in a session of its own, as the published program works. */
    @Benchmark
    public long tenAlone() {
        return Stream.iterate(0, i -> i + 1)
                .limit(TEN.size())
                .mapToLong(i -> {
                    try (Session session = model.open(ct, options)) {
                        return session.segment(Prompt.text(TEN.get(i))).encoderPasses();
                    }
                })
                .sum();
    }
}
