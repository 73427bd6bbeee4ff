package org.segvol.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.SegVol;
import org.segvol.data.LabelledCase;
import org.segvol.data.LoadedCase;
import org.segvol.data.PublishedCase;
import org.segvol.data.PublishedDataSet;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomFolder;
import org.segvol.phantom.PhantomOptions;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.DType;
import org.segvol.weights.SafetensorsFile;
import org.segvol.weights.SafetensorsWriter;

/** Whole runs on small phantoms. */
class FineTunerTest {
    private static final FineTuneOptions SHORT = FineTuneOptions.DEFAULT.with(o -> {
        o.trained = FineTuneOptions.Trained.ALL;
        o.text = FineTuneOptions.TrainedText.ALL;
        o.epochs = 2;
        o.viewsPerCase = 3;
        o.organsPerStep = 2;
        o.masksPerOrgan = 2;
        o.absent = 0.5;
        o.learningRate = 1e-3;
        o.batch = 4;
    });

    @TempDir
    static Path data;

    @TempDir
    Path folder;

    private static List<LabelledCase> cases;
    private Path weights;
    private Path pseudo;

    @BeforeAll
    static void makePhantoms() throws IOException {
        cases = new ArrayList<>();
        for (long seed = 1; seed <= 2; seed++) {
            cases.add(phantom(seed));
        }
    }

    private static LabelledCase phantom(long seed) throws IOException {
        Phantom phantom = Phantom.of(
                seed, PhantomOptions.DEFAULT.withSize(new GridSize(40, 36, 20)).withOrientation("RAS"));
        Path made = Files.createDirectories(data.resolve("case" + seed));
        PhantomFolder.write(phantom, made);
        SortedMap<Integer, String> names = new TreeMap<>(Phantom.names());
        return new LabelledCase("case " + seed, made.resolve("ct.nii.gz"), made.resolve("labels.nii.gz"), names);
    }

    @BeforeEach
    void weights() throws IOException {
        weights = SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2);
    }

    /** Hears everything, and stops after some steps. */
    private static final class Recorder implements FineTuneListener {
        private final List<FineTuneStep> steps = new ArrayList<>();
        private final List<FineTuneEpoch> epochs = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final int stopAfter;

        Recorder(int stopAfter) {
            this.stopAfter = stopAfter;
        }

        @Override
        public void step(FineTuneStep step) {
            steps.add(step);
        }

        @Override
        public void epoch(FineTuneEpoch epoch) {
            epochs.add(epoch);
        }

        @Override
        public void note(String sentence) {
            notes.add(sentence);
        }

        @Override
        public boolean stopped() {
            return steps.size() == stopAfter;
        }
    }

    private Recorder run(String name, FineTuneOptions options, int... stops) throws IOException {
        return run(name, cases, options, stops);
    }

    private Recorder run(String name, List<LabelledCase> given, FineTuneOptions options, int... stops)
            throws IOException {
        Path out = folder.resolve(name);
        Recorder last = null;
        for (int part = 0; part <= stops.length; part++) {
            last = new Recorder(part < stops.length ? stops[part] : -1);
            FineTuner tuner = new FineTuner(weights, given, out, options)
                    .engine("auto", 2)
                    .pseudoMasks(pseudo);
            boolean ended = part == 0 ? tuner.run(last) : tuner.resume(last);
            assertThat(ended).isEqualTo(part == stops.length);
        }
        return last;
    }

    private static void assertSameFiles(Path a, Path b, String... names) throws IOException {
        for (String name : names) {
            assertThat(Files.mismatch(a.resolve(name), b.resolve(name)))
                    .as(name)
                    .isEqualTo(-1);
        }
    }

    @Test
    void aResumedRunEqualsAnUninterruptedOne() throws IOException {
        Recorder whole = run("whole", SHORT);
        run("parts", SHORT, 1, 4);
        assertThat(whole.steps).hasSize(12);
        assertSameFiles(
                folder.resolve("whole"),
                folder.resolve("parts"),
                "last.safetensors",
                "best.safetensors",
                "state.safetensors",
                "epochs.json");
    }

    @Test
    void theLearningRateReachesTheLastUpdate() throws IOException {
        FineTuneOptions uneven = SHORT.with(o -> {
            o.viewsPerCase = 1;
            o.epochs = 4;
            o.accumulate = 3;
            o.masksPerOrgan = 1;
            o.warmup = 0;
        });
        Recorder recorder = run("uneven", uneven);
        assertThat(recorder.steps).hasSize(4).allMatch(step -> step.steps() == 4);
        assertThat(recorder.steps.get(2).rate()).isGreaterThan(0.02 * uneven.learningRate());
    }

    /** Windows in a case whose only structure is small: many show nothing. */
    @Test
    void stepsThatAskNothingMoveNothingAndCountForNothing() throws IOException {
        LabelledCase phantom = cases.get(0);
        LoadedCase loaded = phantom.load();
        int small = Collections.min(loaded.structures().keySet(), Comparator.comparing(value -> loaded.counts()
                .get(value)));
        SortedMap<Integer, String> one = new TreeMap<>();
        one.put(small, "small");
        FineTuneOptions background = SHORT.with(o -> {
            o.absent = 0;
            o.viewsPerCase = 6;
            o.zoomOut = 0.2;
            o.regions = 0;
            o.foreground = 0;
            o.decay = 0.1;
        });
        List<LabelledCase> given = List.of(new LabelledCase("one", phantom.image(), phantom.label(), one));
        Recorder whole = run("sparse", given, background);
        run("sparse parts", given, background, 3, 4);
        List<FineTuneStep> asked =
                whole.steps.stream().filter(step -> !Double.isNaN(step.loss())).toList();
        assertThat(whole.steps).hasSize(12);
        assertThat(asked).isNotEmpty().hasSizeLessThan(12);
        for (FineTuneEpoch epoch : whole.epochs) {
            double mean = asked.stream()
                    .filter(step -> step.epoch() == epoch.epoch())
                    .mapToDouble(FineTuneStep::loss)
                    .average()
                    .orElse(Double.NaN);
            assertThat(epoch.loss()).isEqualTo(mean, within(1e-12));
        }
        try (SafetensorsFile state = SafetensorsFile.open(folder.resolve("sparse/state.safetensors"))) {
            assertThat(state.metadata()).containsEntry("segvol.updates", Integer.toString(asked.size()));
        }
        assertSameFiles(
                folder.resolve("sparse"),
                folder.resolve("sparse parts"),
                "last.safetensors",
                "best.safetensors",
                "state.safetensors",
                "epochs.json");
    }

    @Test
    void dataWithoutAVoxelOfAStructureIsRefused() throws IOException {
        SortedMap<Integer, String> wrong = new TreeMap<>();
        wrong.put(60_000, "liver");
        LabelledCase bare =
                new LabelledCase("bare", cases.get(0).image(), cases.get(0).label(), wrong);
        FineTuneOptions three = SHORT.with(o -> o.epochs = 3);
        FineTuner tuner = new FineTuner(weights, List.of(bare, bare), folder.resolve("bare"), three);
        Recorder recorder = new Recorder(-1);
        assertThatThrownBy(() -> tuner.run(recorder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of the 2 cases to train on has a voxel of a structure that is named")
                .hasMessageContaining("[liver]");
        assertThat(recorder.epochs).isEmpty();
        assertThat(recorder.notes).containsExactly("case bare has no voxel of a structure that is named");
        Recorder mixed = run("mixed", List.of(bare, cases.get(1)), SHORT.with(o -> o.epochs = 1));
        assertThat(mixed.notes).containsExactly("case bare has no voxel of a structure that is named");
    }

    @Test
    void adaptersResumeToo() throws IOException {
        FineTuneOptions lora = SHORT.with(o -> {
            o.trained = FineTuneOptions.Trained.LORA;
            o.text = FineTuneOptions.TrainedText.PROJECTION;
            o.accumulate = 2;
            o.epochs = 1;
        });
        run("whole", lora);
        run("parts", lora, 1);
        assertSameFiles(folder.resolve("whole"), folder.resolve("parts"), "last.safetensors", "adapters.safetensors");
        try (SafetensorsFile before = SafetensorsFile.open(weights);
                SafetensorsFile after = SafetensorsFile.open(folder.resolve("whole/last.safetensors"))) {
            for (String name : before.tensors().keySet()) {
                boolean changed = !Arrays.equals(before.read(name), after.read(name));
                if (name.startsWith("image_encoder.")) {
                    assertThat(changed).as(name).isEqualTo(ParameterChoice.adapted(name));
                } else if (name.startsWith("text_encoder.")) {
                    assertThat(changed).as(name).isEqualTo(name.contains("dim_align"));
                }
            }
        }
    }

    @Test
    void aFrozenImageEncoderIsAskedOnce() throws IOException {
        FineTuneOptions decoder = SHORT.with(o -> {
            o.trained = FineTuneOptions.Trained.DECODER;
            o.text = FineTuneOptions.TrainedText.PROJECTION;
        });
        run("frozen", decoder);
        try (Stream<Path> kept = Files.list(folder.resolve("frozen/embeddings"))) {
            assertThat(kept).hasSize(6); // two cases, three views
        }
        try (SafetensorsFile before = SafetensorsFile.open(weights);
                SafetensorsFile after = SafetensorsFile.open(folder.resolve("frozen/last.safetensors"))) {
            for (String name : before.tensors().keySet()) {
                if (name.startsWith("image_encoder.")) {
                    assertThat(after.read(name)).as(name).isEqualTo(before.read(name));
                }
            }
        }
    }

    @Test
    void damagedTokensOfAFrozenImageEncoderAreAnErrorOfReading() throws IOException {
        FineTuneOptions decoder = SHORT.with(o -> o.trained = FineTuneOptions.Trained.DECODER);
        Path out = folder.resolve("damaged"), kept = out.resolve("embeddings");
        assertThat(new FineTuner(weights, cases, out, decoder).engine("auto", 2).run(new Recorder(1)))
                .isFalse();
        try (Stream<Path> files = Files.list(kept)) {
            Files.write(files.findFirst().orElseThrow(), new byte[] {1, 2, 3});
        }
        FineTuner again = new FineTuner(weights, cases, out, decoder).engine("auto", 2);
        assertThatThrownBy(() -> again.resume(FineTuneListener.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("image tokens kept in " + kept + " cannot be read (")
                .hasMessageEndingWith("; without the file they are made anew");
    }

    @Test
    void trainingFromScratchLearns() throws IOException {
        weights = folder.resolve("fresh.safetensors");
        FreshModel.write(TestConfigs.MINI, 3, weights);
        FineTuneOptions longer = SHORT.with(o -> {
            o.epochs = 12;
            o.absent = 0;
            o.zoomOut = 1;
            o.intensity = 0;
            o.organsPerStep = 4;
            o.learningRate = 3e-3;
            o.validation = 1;
        });
        Recorder recorder = run("scratch", longer);
        List<FineTuneEpoch> epochs = recorder.epochs;
        assertThat(epochs.get(11).loss()).isLessThan(0.9 * epochs.get(0).loss());
        assertThat(epochs.get(11).validationDice()).isBetween(0.0, 1.0);
        assertThat(folder.resolve("scratch/curves.png")).exists();
        assertThat(Files.readAllLines(folder.resolve("scratch/log.csv"))).hasSize(1 + recorder.steps.size());
        try (SegVol model = SegVol.load(folder.resolve("scratch/best.safetensors"))) {
            assertThat(model.config().window()).isEqualTo(TestConfigs.MINI.window());
        }
    }

    @Test
    void thePublishedRecipeRunsWithItsPseudoLabels() throws IOException {
        pseudo = Files.createDirectories(folder.resolve("regions"));
        for (LabelledCase one : cases) { // the labels themselves serve as regions
            Files.copy(one.label(), pseudo.resolve(one.name() + ".nii.gz"));
        }
        Recorder recorder = run("published", FineTuneOptions.PUBLISHED.with(o -> {
            o.epochs = 1;
            o.viewsPerCase = 2;
        }));
        assertThat(pseudo).isNotNull();
        assertThat(recorder.steps).hasSize(4).allMatch(step -> Double.isFinite(step.loss()));
    }

    @Test
    void thePublishedLayoutGivesTheSameViews() throws IOException {
        Path set = Files.createDirectories(folder.resolve("0001_made"));
        LabelledCase nifti = cases.get(0);
        LoadedCase loaded = nifti.load();
        List<String> names = List.copyOf(nifti.names().values());
        List<Mask> masks = new ArrayList<>();
        nifti.names().keySet().forEach(value -> masks.add(loaded.mask(value)));
        PublishedDataSet.writeCase(set, "one", loaded.image(), masks);
        PublishedDataSet.writeList(set, names, List.of("one"), List.of());
        PublishedCase published = PublishedDataSet.training(set).get(0);
        ViewSampler sampler = new ViewSampler(TestConfigs.MINI.window(), SHORT);
        View a = sampler.zoomOut(TrainingCase.load(new TrainingSource.Nifti(nifti), null, TestConfigs.MINI));
        View b = sampler.zoomOut(TrainingCase.load(new TrainingSource.Numpy(published), null, TestConfigs.MINI));
        for (int i = 0; i < a.image().length; i++) {
            assertThat(b.image()[i]).isCloseTo(a.image()[i], within(1e-5f));
        }
        assertThat(b.targets()).hasSameSizeAs(a.targets());
        List<float[]> wanted = List.copyOf(a.targets().values()),
                found = List.copyOf(b.targets().values());
        for (int t = 0; t < wanted.size(); t++) {
            assertThat(found.get(t)).isEqualTo(wanted.get(t));
        }
        assertThatThrownBy(() -> FineTuner.published(weights, List.of(published), folder.resolve("run"), SHORT)
                        .pseudoMasks(folder)
                        .run(FineTuneListener.NONE))
                .hasMessageContaining("brings regions of its own");
        assertThat(FineTuner.published(
                                weights, List.of(published), folder.resolve("run"), SHORT.with(o -> o.epochs = 1))
                        .run(FineTuneListener.NONE))
                .isTrue();
    }

    @Test
    void weightsThatTheRunWouldReplaceAreRefused() throws IOException {
        Path own = Files.createDirectories(folder.resolve("own"));
        for (String name : List.of("best.safetensors", "last.safetensors")) {
            Path replaced = Files.copy(weights, own.resolve(name));
            byte[] before = Files.readAllBytes(replaced);
            Path otherwise = own.resolveSibling("own").resolve("../own").resolve(name);
            FineTuner tuner = new FineTuner(otherwise, cases, own, SHORT);
            assertThatThrownBy(() -> tuner.run(FineTuneListener.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("found " + otherwise + ", which is its " + name);
            assertThat(replaced).hasBinaryContent(before);
        }
    }

    @Test
    void aRunGoesOnWithItsOwnData() throws IOException {
        FineTuneOptions options = SHORT.with(o -> {
            o.epochs = 1;
            o.viewsPerCase = 1;
            o.masksPerOrgan = 1;
            o.validation = 1;
        });
        run("own", options);
        LabelledCase one = cases.get(0), two = cases.get(1);
        assertNotResumed(List.of(two, one), options, "other training cases: then \"case 1: ct.nii.gz of ");
        assertNotResumed(List.of(one, one), options, "other held-out cases: then \"case 2: ct.nii.gz of ");
        assertNotResumed(
                List.of(one, named(two, "gland")), options, "other structures: then only 1, now \"{1=gland}\"");
        pseudo = Files.createDirectories(folder.resolve("regions"));
        Files.copy(one.label(), pseudo.resolve("case 1.nii.gz"));
        assertNotResumed(cases, options, "case 1.nii.gz of ");
    }

    private static LabelledCase named(LabelledCase of, String name) {
        SortedMap<Integer, String> names = new TreeMap<>();
        names.put(1, name);
        return new LabelledCase(of.name(), of.image(), of.label(), names);
    }

    private void assertNotResumed(List<LabelledCase> given, FineTuneOptions options, String difference) {
        FineTuner tuner = new FineTuner(weights, given, folder.resolve("own"), options).pseudoMasks(pseudo);
        assertThatThrownBy(() -> tuner.resume(FineTuneListener.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was made with ")
                .hasMessageContaining(difference);
    }

    /** A state of a version that did not store what identifies the data. */
    @Test
    void anOlderStateIsGoneOnWith() throws IOException {
        run("whole", SHORT);
        Path old = folder.resolve("old"), state = old.resolve("state.safetensors");
        assertThat(new FineTuner(weights, cases, old, SHORT).engine("auto", 2).run(new Recorder(4)))
                .isFalse();
        try (SafetensorsFile file = SafetensorsFile.open(Files.move(state, folder.resolve("newer")))) {
            Map<String, String> metadata = new TreeMap<>(file.metadata());
            assertThat(metadata.keySet().removeAll(Set.of("segvol.cases", "segvol.held-out", "segvol.structures")))
                    .isTrue();
            metadata.remove("segvol.hints");
            metadata.computeIfPresent("segvol.epoch-sums", (key, sums) -> sums.substring(0, sums.lastIndexOf(' ')));
            SafetensorsWriter.write(file, state, DType.F32, metadata);
        }
        assertThat(new FineTuner(weights, cases, old, SHORT).engine("auto", 2).resume(FineTuneListener.NONE))
                .isTrue();
        assertSameFiles(folder.resolve("whole"), old, "last.safetensors");
    }

    @Test
    void aFolderOfRegionsThatFitsNoCaseIsRefused() throws IOException {
        Path regions = folder.resolve("regions");
        assertNoRun(regions, regions + ": expected a folder of regions, found nothing");
        Files.writeString(regions, "");
        assertNoRun(regions, regions + ": expected a folder of regions, found a file");
        Files.delete(regions);
        Files.createDirectory(regions);
        Files.copy(cases.get(1).label(), regions.resolve("another.nii.gz"));
        String none = regions + ": expected regions of the cases to train on, such as case 1.nii.gz, found none;"
                + " make them with segvol pseudo-masks";
        assertNoRun(regions, none);
        Path heldOut = Files.move(regions.resolve("another.nii.gz"), regions.resolve("case 2.nii.gz"));
        FineTuneOptions half = SHORT.with(o -> {
            o.validation = 1;
            o.epochs = 1;
            o.viewsPerCase = 1;
        });
        FineTuner tuner = new FineTuner(weights, cases, folder.resolve("run"), half).pseudoMasks(regions);
        assertThatThrownBy(() -> tuner.run(FineTuneListener.NONE)).hasMessage(none);
        assertThat(folder.resolve("run")).doesNotExist();
        Files.move(heldOut, regions.resolve("case 1.nii.gz"));
        assertThat(tuner.run(FineTuneListener.NONE)).isTrue();
    }

    private void assertNoRun(Path regions, String sentence) {
        FineTuner tuner = new FineTuner(weights, cases, folder.resolve("run"), SHORT).pseudoMasks(regions);
        assertThatThrownBy(() -> tuner.run(FineTuneListener.NONE)).hasMessage(sentence);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void wrongStartsAreRefused() throws IOException {
        run("done", SHORT.with(o -> o.epochs = 1));
        FineTuner again = new FineTuner(weights, cases, folder.resolve("done"), SHORT);
        assertThatThrownBy(() -> again.run(FineTuneListener.NONE)).hasMessageContaining("holds a run already");
        assertThatThrownBy(() -> again.resume(FineTuneListener.NONE))
                .hasMessage("the run in "
                        + folder.resolve("done")
                        + " was made with other options: epochs was 1, now 2; resume it with the same ones, or start a new"
                        + " run from its last.safetensors");
        FineTuneOptions others = SHORT.with(o -> {
            o.epochs = 1;
            o.learningRate = 0.01;
            o.trained = FineTuneOptions.Trained.LORA;
        });
        FineTuner other = new FineTuner(weights, cases, folder.resolve("done"), others);
        assertThatThrownBy(() -> other.resume(FineTuneListener.NONE))
                .hasMessageContaining(
                        "other options: trained was ALL, now LORA; learningRate was 0.001, now 0.01; resume");
        FineTuner none = new FineTuner(weights, cases, folder.resolve("nothing"), SHORT);
        assertThatThrownBy(() -> none.resume(FineTuneListener.NONE)).hasMessageContaining("no run");
        assertThatThrownBy(() -> new FineTuner(weights, cases, folder, SHORT.with(o -> o.validation = 2)))
                .hasMessageContaining("none is left to train on");
    }
}
