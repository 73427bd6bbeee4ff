package org.segvol.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
import org.segvol.SegVol;
import org.segvol.image.Volume;
import org.segvol.io.Volumes;
import org.segvol.preprocess.Preprocessor;
import org.segvol.preprocess.Variant;
import org.segvol.testing.SyntheticWeights;
import org.segvol.weights.ModelConfig;

/** Everything around the network. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PipelineBenchmark {
    /** The phantom's size. */
    @Param({"512x512x300"})
    public String size;

    private Volume volume;
    private Path weights;
    private Path file;

    /** Makes the phantom, its file and the weights. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        volume = BenchPhantom.of(size);
        weights = SyntheticWeights.fullSizeFile(ModelConfig.RELEASED, 1);
        file = Files.createTempFile("segvol-bench", ".nii.gz");
        Volumes.write(volume, file);
    }

    /** Deletes the file. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Statistics, crop and the zoom-out view. */
    @Benchmark
    public float[] preprocess() {
        return Preprocessor.prepare(volume, ModelConfig.RELEASED, Variant.GITHUB)
                .zoomOut(ModelConfig.RELEASED.window());
    }

    /** A gzipped volume from the disk's cache. */
    @Benchmark
    public Volume readGzip() throws IOException {
        return Volumes.read(file);
    }

    /** A model of released size from a converted checkpoint, ready for its first prompt. */
    @Benchmark
    public String load() throws IOException {
        try (SegVol model = SegVol.load(weights)) {
            return model.engineName();
        }
    }
}
