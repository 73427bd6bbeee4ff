package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;
import org.segvol.infer.Refinements;
import org.segvol.testing.RandomStream;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;

/** Sessions: the same answers whatever came before, with fewer encoder passes; one caller at a time; cancel and close. */
class SessionTest {
    private static final Volume CT = volume("session test", new GridSize(90, 50, 31));
    private static final Prompt TEXT = Prompt.text("liver");
    private static final Prompt BOX = Prompt.box(10, 8, 5, 60, 40, 25);
    private static final Prompt POINT = Prompt.point(40, 20, 15);

    private static SegVol model;

    @BeforeAll
    static void load() throws IOException {
        model = SegVol.load(SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** A bright blob with noise in air. */
    static Volume volume(String seed, GridSize size) {
        float[] noise = RandomStream.units(seed, size.count());
        short[] values = new short[size.count()];
        for (int k = 0; k < size.nk(); k++) {
            for (int j = 0; j < size.nj(); j++) {
                for (int i = 0; i < size.ni(); i++) {
                    double x = (double) i / size.ni() - 0.5,
                            y = (double) j / size.nj() - 0.5,
                            z = (double) k / size.nk() - 0.5;
                    double body = 1200 / (1 + 30 * (x * x + y * y + z * z));
                    int index = size.index(i, j, k);
                    values[index] = (short) (-1000 + body + 60 * noise[index]);
                }
            }
        }
        return new Volume(size, Voxels.of(values, VoxelType.INT16, 1, 0), Affine.scaling(1, 1, 2), Forms.NONE);
    }

    private static Mask fresh(Prompt prompt, Options options) {
        try (Session session = model.open(CT, options)) {
            return session.segment(prompt).mask();
        }
    }

    @Test
    void anyOrderGivesTheSameMasks() {
        List<Prompt> prompts = List.of(TEXT, BOX, POINT, BOX.andText("spleen"), TEXT);
        List<Mask> alone = prompts.stream().map(p -> fresh(p, Options.DEFAULT)).toList();
        assertThat(alone.get(0).isEmpty()).isFalse();
        try (Session session = model.open(CT)) {
            for (int i = prompts.size() - 1; i >= 0; i--) {
                assertThat(session.segment(prompts.get(i)).mask()).isEqualTo(alone.get(i));
            }
            List<Segmentation> together = session.segmentAll(prompts);
            assertThat(together.stream().map(Segmentation::mask).toList()).isEqualTo(alone);
        }
    }

    @Test
    void embeddingsAreUsedAgain() {
        try (Session session = model.open(CT)) {
            assertThat(session.encode()).isEqualTo(1);
            assertThat(session.encode()).isZero();
            Segmentation first = session.segment(TEXT);
            assertThat(first.encoderPasses())
                    .isEqualTo(first.trace().windows().size())
                    .isPositive();
            assertThat(session.segment(TEXT).encoderPasses()).isZero();
        }
        try (Session session = model.open(CT, Options.DEFAULT.withCacheBytes(0))) {
            session.segment(TEXT);
            Segmentation again = session.segment(TEXT);
            assertThat(again.encoderPasses()).isEqualTo(again.trace().windows().size());
        }
    }

    @Test
    void structuresShareWindowsEvenWithoutCache() {
        long room = 100L << 20; // for running all together
        try (Session session =
                model.open(CT, Options.DEFAULT.withMode(Mode.SLIDING_WINDOW).withCacheBytes(room))) {
            List<Segmentation> all = session.segmentAll(List.of(TEXT, Prompt.text("spleen"), Prompt.text("aorta")));
            int windows = all.get(0).trace().windows().size();
            assertThat(all).allMatch(s -> s.trace().windows().size() == windows);
            assertThat(all.stream().mapToInt(Segmentation::encoderPasses).sum()).isEqualTo(windows);
        }
    }

    @Test
    void structuresInGroupsAreOneCall() {
        List<Prompt> prompts = List.of(TEXT, BOX, POINT, Prompt.text("spleen"));
        List<int[]> updates = new ArrayList<>();
        Options alone = Options.DEFAULT.withCacheBytes(0); // each structure runs by itself
        Options options = alone.withProgress((step, done, total) -> updates.add(new int[] {done, total}));
        try (Session session = model.open(CT, options)) {
            List<Segmentation> all = session.segmentAll(prompts);
            int windows =
                    all.stream().mapToInt(one -> one.trace().windows().size()).sum();
            assertThat(all.stream().map(Segmentation::encoderPasses)).containsExactly(1 + windows, 0, 0, 0);
            assertThat(all.stream().map(one -> one.timings().total() > 0)).containsExactly(true, false, false, false);
            assertThat(all.stream().map(Segmentation::mask))
                    .isEqualTo(prompts.stream().map(p -> fresh(p, alone)).toList());
            int passes = prompts.size() + windows;
            assertThat(updates).hasSize(passes + 1);
            for (int n = 0; n < updates.size(); n++) {
                assertThat(updates.get(n)[0]).isEqualTo(n);
                assertThat(updates.get(n)[1]).isBetween(n == passes ? n : n + 1, passes);
            }
        }
    }

    @Test
    void refiningEqualsFreshCalls() {
        try (Session session = model.open(CT)) {
            Refinement refinement = session.refine(POINT);
            Segmentation start = refinement.result();
            VoxelPoint second = new VoxelPoint(30, 25, 12), third = new VoxelPoint(5, 5, 5);
            assertThat(refinement.add(second).mask()).isEqualTo(fresh(POINT.point(second), Options.DEFAULT));
            Segmentation more = refinement.addNegative(third);
            Prompt all = POINT.point(second).negativePoint(third);
            assertThat(refinement.prompt()).isEqualTo(all);
            assertThat(more.mask()).isEqualTo(fresh(all, Options.DEFAULT));
            assertThat(refinement.changed())
                    .isEqualTo(Mask.differenceBounds(fresh(POINT.point(second), Options.DEFAULT), more.mask()));
            refinement.remove(third);
            refinement.undo();
            refinement.undo();
            assertThat(refinement.undo().mask()).isEqualTo(start.mask());
            assertThat(refinement.canUndo()).isFalse();
            assertThatIllegalStateException().isThrownBy(refinement::undo).withMessageContaining("no step to undo");
            assertThatIllegalArgumentException().isThrownBy(() -> refinement.remove(third));
            Refinement later = session.refine(more);
            assertThat(later.text("liver").prompt().text()).isEqualTo("liver");
            assertThat(later.undo().mask()).isEqualTo(more.mask());
        }
    }

    /** The prompt of such a result does not hold what the label gave. */
    @Test
    void refiningAResultFromALabelComesBackToIt() {
        try (Session session = model.open(CT, Options.DEFAULT.withProbabilities(true))) {
            Mask label = Mask.builder(CT.size()).setRow(20, 50, 20, 15).build();
            Segmentation start = session.segment(new LabelPrompt(label, null, true, false));
            Refinement refinement = session.refine(start);
            Segmentation next = refinement.text("liver");
            assertThat(refinement.changed()).isEqualTo(Mask.differenceBounds(start.mask(), next.mask()));
            for (int i = 0; i < 3; i++) { // more answers than are kept
                refinement.text(i % 2 == 0 ? "spleen" : "liver");
            }
            for (int i = 0; i < 3; i++) {
                refinement.undo();
            }
            assertThat(refinement.undo()).isSameAs(start);
            assertThat(refinement.changed()).isEqualTo(Mask.differenceBounds(next.mask(), start.mask()));
            assertThat(refinement.canUndo()).isFalse();
        }
    }

    @Test
    void aFailedStepChangesNothing() {
        try (Session session = model.open(CT)) {
            Refinement refinement = session.refine(TEXT);
            refinement.result();
            assertThatIllegalArgumentException().isThrownBy(() -> refinement.add(new VoxelPoint(900, 0, 0)));
            assertThat(refinement.prompt()).isEqualTo(TEXT);
            assertThat(refinement.canUndo()).isFalse();
        }
    }

    @Test
    void theFirstStepAboveAnEmptyPromptStays() {
        try (Session session = model.open(CT)) {
            Refinement refinement = session.refine(Prompt.NONE);
            Segmentation first = refinement.add(new VoxelPoint(40, 20, 15));
            assertThat(refinement.canUndo()).isFalse();
            assertThatIllegalStateException().isThrownBy(refinement::undo).withMessageContaining("no step to undo");
            assertThat(refinement.prompt()).isEqualTo(POINT);
            assertThat(refinement.changed()).isEqualTo(first.mask().bounds());
            refinement.addNegative(new VoxelPoint(5, 5, 5));
            assertThat(refinement.canUndo()).isTrue();
            assertThat(refinement.undo().mask()).isEqualTo(first.mask());
        }
    }

    @Test
    void aCancelledUndoChangesNothing() {
        AtomicBoolean stop = new AtomicBoolean();
        Progress progress = new Progress() {
            @Override
            public void update(String step, int done, int total) {}

            @Override
            public boolean isCancelled() {
                return stop.get();
            }
        };
        try (Session session = model.open(CT, Options.DEFAULT.withProgress(progress))) {
            Refinement refinement = session.refine(BOX);
            for (int i = 0; i < 17; i++) { // more answers than are kept: the first ones must be computed again
                refinement.text(i % 2 == 0 ? "liver" : "spleen");
            }
            for (int i = 0; i < 15; i++) {
                refinement.undo();
            }
            Prompt before = refinement.prompt();
            VoxelBox changed = refinement.changed();
            stop.set(true);
            assertThatThrownBy(refinement::undo).isInstanceOf(CancellationException.class);
            assertThat(refinement.prompt()).isEqualTo(before);
            assertThat(refinement.changed()).isEqualTo(changed);
            stop.set(false);
            refinement.undo();
            assertThat(refinement.prompt()).isEqualTo(BOX.andText("liver"));
        }
    }

    @Test
    void refinedModeWithoutChangesIsThePublishedProgram() {
        Options none = Options.DEFAULT.withMode(Mode.REFINED).withRefinements(Refinements.NONE);
        for (Prompt prompt : List.of(TEXT, BOX, POINT)) {
            assertThat(fresh(prompt, none)).isEqualTo(fresh(prompt, Options.DEFAULT));
        }
    }

    @Test
    void everyRefinementWorksAlone() {
        for (int i = 0; i < 6; i++) {
            Refinements one = new Refinements(i == 0, i == 1, i == 2, i == 3, i == 4, i == 5);
            Options options = Options.DEFAULT.withMode(Mode.REFINED).withRefinements(one);
            for (Prompt prompt : List.of(TEXT, BOX, POINT)) {
                assertThat(fresh(prompt, options).size()).isEqualTo(CT.size());
            }
        }
        Options all = Options.DEFAULT.withMode(Mode.REFINED);
        assertThat(fresh(BOX.point(new VoxelPoint(30, 20, 10)).andText("liver"), all)
                        .size())
                .isEqualTo(CT.size());
        assertThat(fresh(TEXT, all)).isNotEqualTo(fresh(TEXT, Options.DEFAULT));
    }

    @Test
    void probabilitiesAgreeWithTheMask() {
        try (Session session =
                model.open(CT, Options.DEFAULT.withProbabilities(true).withThreshold(0.7))) {
            Segmentation found = session.segment(TEXT);
            for (int i = 0; i < CT.size().count(); i++) {
                float p = found.probabilities()[i];
                assertThat(p).isBetween(0f, 1f);
                if (Math.abs(p - 0.7) > 1e-5) {
                    assertThat(found.mask().get(i)).isEqualTo(p > 0.7);
                }
            }
        }
    }

    @Test
    void stabilityIsAnAgreement() {
        try (Session session = model.open(CT)) {
            assertThat(session.stability(TEXT)).isNaN();
            assertThat(session.stability(BOX)).isBetween(0.0, 1.0);
        }
    }

    @Test
    void warningsSaySo() {
        try (Session session = model.open(CT)) {
            List<String> warnings = session.segment(Prompt.text("livr")).warnings();
            assertThat(warnings).anyMatch(w -> w.contains("\"livr\" is not among the names") && w.contains("liver"));
            assertThat(session.segment(TEXT).warnings()).noneMatch(w -> w.contains("not among the names"));
        }
    }

    @Test
    void cancellingLeavesTheSessionUsable() {
        AtomicInteger updates = new AtomicInteger();
        Progress progress = new Progress() {
            @Override
            public void update(String step, int done, int total) {
                assertThat(done).isLessThanOrEqualTo(total);
                updates.incrementAndGet();
            }

            @Override
            public boolean isCancelled() {
                return updates.get() == 2;
            }
        };
        try (Session session = model.open(CT, Options.DEFAULT.withProgress(progress))) {
            assertThatThrownBy(() -> session.segment(TEXT)).isInstanceOf(CancellationException.class);
            updates.set(100);
            assertThat(session.segment(TEXT).mask()).isEqualTo(fresh(TEXT, Options.DEFAULT));
        }
    }

    @Test
    void manySessionsFromManyThreads() throws Exception {
        Mask expected = fresh(TEXT, Options.DEFAULT), boxed = fresh(BOX, Options.DEFAULT);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                boolean text = i % 2 == 0;
                results.add(threads.submit(
                        () -> fresh(text ? TEXT : BOX, Options.DEFAULT).equals(text ? expected : boxed)));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void oneSessionServesOneCallerAtATime() throws InterruptedException, ExecutionException {
        CountDownLatch running = new CountDownLatch(1), refused = new CountDownLatch(1);
        Progress waiting = (step, done, total) -> {
            running.countDown();
            try {
                assertThat(refused.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Session session = model.open(CT, Options.DEFAULT.withProgress(waiting))) {
            Future<Segmentation> first = thread.submit(() -> session.segment(TEXT));
            running.await();
            assertThatIllegalStateException()
                    .isThrownBy(() -> session.segment(BOX))
                    .withMessageContaining("in use by another thread");
            refused.countDown();
            assertThat(first.get().mask()).isEqualTo(fresh(TEXT, Options.DEFAULT));
        } finally {
            thread.shutdown();
        }
    }

    @Test
    void afterCloseCallsAreRefused() throws IOException {
        SegVol own = SegVol.load(SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2));
        Session session = own.open(CT), other = own.open(CT);
        session.segment(TEXT);
        session.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> session.segment(TEXT))
                .withMessageContaining("session was closed");
        own.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> other.segment(TEXT))
                .withMessageContaining("model was closed");
        assertThatIllegalStateException().isThrownBy(() -> own.open(CT)).withMessageContaining("model was closed");
        own.close();
    }

    @Test
    void labelMapsHaveNoVoxelsOutside() {
        try (Session session = model.open(CT)) {
            LabelMap map = session.segmentMap(List.of(TEXT));
            assertThat(map.get(89, 49, 30)).isBetween(0, 1);
            assertThatThrownBy(() -> map.get(90, 0, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("the voxel 90,0,0 lies outside the grid of 90x50x31; indices are counted from 0");
        }
    }

    @Test
    void promptsOutsideAreRefused() {
        try (Session session = model.open(CT)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.segment(Prompt.point(90, 0, 0)))
                    .withMessage(
                            "the point 90,0,0 lies outside the volume of 90x50x31 voxels; indices are counted from 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.segment(Prompt.NONE.box(VoxelBox.of(0, 0, -1, 5, 5, 5))))
                    .withMessageContaining("lies outside the volume");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.segment(Prompt.NONE))
                    .withMessageContaining("the prompt is empty");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.segment(BOX.point(new VoxelPoint(1, 1, 1))))
                    .withMessageContaining("box and points together are only defined for the segfm variant");
        }
    }
}
