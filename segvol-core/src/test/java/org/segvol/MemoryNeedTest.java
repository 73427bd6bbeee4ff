package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;
import org.segvol.testing.ChildJvm;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.ModelConfig;

/** Sessions on a large volume in a JVM that has the stated heap and no more; with a third of it they do not come to their end. */
class MemoryNeedTest {
    private static final GridSize SIZE = new GridSize(512, 512, 80);
    private static final ModelConfig CONFIG = TestConfigs.MINI;
    private static final Options OPTIONS =
            Options.DEFAULT.withMode(Mode.SLIDING_WINDOW).withCacheBytes(32L << 20);
    private static final int STRUCTURES = 4;
    private static final int STEPS = 16;

    @TempDir
    Path folder;

    /** The program that the child JVMs run. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws IOException {
            MemoryNeed.Result result = MemoryNeed.Result.valueOf(args[1]);
            short[] values = new short[SIZE.count()];
            for (int at = 0; at < values.length; at++) {
                values[at] = (short) (-1000 + at % 1999);
            }
            Volume volume =
                    new Volume(SIZE, Voxels.of(values, VoxelType.INT16, 1, 0), Affine.scaling(1, 1, 2), Forms.NONE);
            List<Prompt> prompts = IntStream.range(0, STRUCTURES)
                    .mapToObj(i -> Prompt.box(40 * i, 100, 50, 40 * i + 20, 120, 56))
                    .toList();
            try (SegVol model = SegVol.load(Path.of(args[0]));
                    Session session = model.open(volume, OPTIONS.withProbabilities(args.length > 2))) {
                if (args.length > 3) {
                    System.out.println("found " + refined(session.refine(prompts.get(0)), prompts));
                    return;
                }
                List<Segmentation> found = result == MemoryNeed.Result.LABEL_MAP
                        ? session.segmentMap(prompts).structures()
                        : session.segmentAll(prompts);
                System.out.println("found "
                        + found.stream().mapToLong(one -> one.mask().count()).sum());
            }
        }
    }

    /** Voxels found after many steps, all but one of them undone. */
    private static long refined(Refinement steps, List<Prompt> prompts) {
        for (int n = 1; n <= STEPS; n++) {
            steps.box(prompts.get(n % prompts.size()).box());
        }
        for (int n = 1; n < STEPS; n++) {
            steps.undo();
        }
        return steps.result().mask().count();
    }

    private static MemoryNeed need(MemoryNeed.Result result, boolean probabilities) {
        return MemoryNeed.of(
                SIZE, VoxelType.INT16, CONFIG, OPTIONS.withProbabilities(probabilities), STRUCTURES, result);
    }

    private ChildJvm.Result run(long heap, String... arguments) throws IOException {
        List<String> all =
                new ArrayList<>(List.of(SyntheticWeights.fullSizeFile(CONFIG, 2).toString()));
        all.addAll(List.of(arguments));
        return ChildJvm.run(
                folder,
                Program.class.getName(),
                List.of("-Xmx" + (heap >> 20) + "m", "-XX:+UseParallelGC", "-Xss4m"),
                all.toArray(String[]::new));
    }

    private void check(MemoryNeed need, String... arguments) throws IOException {
        ChildJvm.Result enough = run(need.javaHeap(), arguments);
        assertThat(enough.output()).contains("found ");
        ChildJvm.Result third = run(need.javaHeap() / 3, arguments);
        assertThat(third.output()).contains("OutOfMemoryError").doesNotContain("found ");
    }

    @Test
    void masks() throws IOException {
        check(need(MemoryNeed.Result.MASKS, false), "MASKS");
    }

    @Test
    void labelMap() throws IOException {
        check(need(MemoryNeed.Result.LABEL_MAP, false), "LABEL_MAP");
    }

    @Test
    void probabilities() throws IOException {
        check(need(MemoryNeed.Result.MASKS, true), "MASKS", "probabilities");
    }

    /** A refinement's present answer, the next one and two earlier ones need what four structures need. */
    @Test
    void refinementWithProbabilities() throws IOException {
        check(need(MemoryNeed.Result.MASKS, true), "MASKS", "probabilities", "refinement");
    }

    private static MemoryNeed kept(Options options, int structures) {
        return MemoryNeed.of(SIZE, VoxelType.INT16, CONFIG, options, structures, MemoryNeed.Result.MASKS);
    }

    @Test
    void keepingAllNeedsWhatAllWindowsNeed() {
        long embedding = MemoryNeed.embeddingBytes(CONFIG);
        Options all = OPTIONS.withCacheBytes(Long.MAX_VALUE);
        long windows = kept(all, 1).embeddings() / embedding - 2;
        assertThat(windows).isGreaterThan(1);
        assertThat(kept(all, 3).embeddings()).isEqualTo((windows + 2) * embedding);
        assertThat(kept(all.withMode(Mode.REFINED), 3).embeddings()).isEqualTo((windows + 2) * embedding);
        assertThat(kept(all.withMode(Mode.ZOOM), 3).embeddings()).isEqualTo((3 * windows + 2) * embedding);
        assertThat(kept(all.withMode(Mode.RESIZE), 3).embeddings()).isEqualTo(2 * embedding);
        assertThat(kept(all, 3).javaHeap()).isPositive();
        assertThat(kept(all.withCacheBytes(embedding), 3).embeddings()).isEqualTo(3 * embedding);
    }

    @Test
    void parts() {
        MemoryNeed map = need(MemoryNeed.Result.LABEL_MAP, false), masks = need(MemoryNeed.Result.MASKS, false);
        assertThat(map.volume()).isEqualTo(2L * SIZE.count());
        assertThat(map.results() - masks.results()).isEqualTo(6L * SIZE.count());
        assertThat(map.total()).isEqualTo(map.volume() + map.embeddings() + map.working() + map.results());
        // the arithmetic of docs/sessions.md: 2048 tokens of 768 and three times 384 numbers
        assertThat(MemoryNeed.embeddingBytes(ModelConfig.RELEASED)).isEqualTo(4L * 2048 * (768 + 3 * 384));
    }
}
