package org.segvol.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.LabelPrompt;
import org.segvol.Mode;
import org.segvol.Options;
import org.segvol.Progress;
import org.segvol.SegVol;
import org.segvol.Session;
import org.segvol.data.DataSetException;
import org.segvol.data.LabelledCase;
import org.segvol.data.LabelledCases;
import org.segvol.data.LoadedCase;
import org.segvol.image.Mask;
import org.segvol.image.VoxelBox;
import org.segvol.infer.ViewMask;
import org.segvol.io.Volumes;
import org.segvol.preprocess.Variant;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.Extent;

/** Whole evaluations with a small model: every number against one's own session, and the reports against the measurements. */
class EvaluatorTest {
    private static final EvaluationOptions OPTIONS = new EvaluationOptions(
            List.of(PromptKind.values()),
            List.of(Mode.ZOOM, Mode.RESIZE, Mode.SLIDING_WINDOW, Mode.REFINED),
            Set.of(),
            2,
            Options.DEFAULT.withSeed(5));

    @TempDir
    static Path data;

    private static SegVol model;
    private static List<LabelledCase> cases;
    private static Evaluation evaluation;

    @BeforeAll
    static void measure() throws IOException {
        LabelledPhantoms.write(data, "one", true);
        LabelledPhantoms.write(data, "two", false);
        Files.writeString(data.resolve("labels.json"), "{\"1\": \"liver\", \"2\": \"left_kidney\", \"9\": \"aorta\"}");
        model = SegVol.load(SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2));
        cases = LabelledCases.read(data);
        evaluation = Evaluator.run(model, cases, OPTIONS);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void everyPresentStructureIsMeasuredOnceInEveryWay() {
        assertThat(evaluation.measurements()).hasSize(3 * 5 * 4).doesNotHaveDuplicates();
        assertThat(evaluation.structures()).containsExactly("liver", "left_kidney");
        assertThat(evaluation.measurements())
                .filteredOn(m -> m.structure().equals("left_kidney"))
                .hasSize(5 * 4)
                .allMatch(m -> m.caseName().equals("one"));
        assertThat(evaluation.notes()).isEmpty();
    }

    @Test
    void scoresAreThoseOfOnesOwnSession() throws IOException {
        LoadedCase loaded = cases.get(0).load();
        Mask label = loaded.mask(2);
        for (Mode mode : OPTIONS.modes()) {
            for (PromptKind kind : PromptKind.values()) {
                LabelPrompt prompt =
                        new LabelPrompt(label, kind.text() ? "left kidney" : null, kind.box(), kind.clicks());
                try (Session session =
                        model.open(loaded.image(), OPTIONS.inference().withMode(mode))) {
                    Mask found = session.segment(prompt).mask();
                    VoxelBox crop = session.networkVolume().geometry().keptBox();
                    MaskScores expected =
                            MaskScores.of(found, label, crop, loaded.image().affine(), 2);
                    assertThat(only("one", "left_kidney", mode, kind).scores())
                            .as("%s by %s", mode, kind)
                            .isEqualTo(expected);
                }
            }
        }
        assertThat(evaluation.measurements()).anyMatch(m -> m.scores().dice() > 0.2);
    }

    @Test
    void theViewIsScoredByItself() throws IOException {
        LoadedCase loaded = cases.get(0).load();
        Mask label = loaded.mask(2);
        Extent window = model.config().window();
        double best = 0;
        for (PromptKind kind : PromptKind.values()) {
            LabelPrompt prompt = new LabelPrompt(label, kind.text() ? "left kidney" : null, kind.box(), kind.clicks());
            try (Session session =
                    model.open(loaded.image(), OPTIONS.inference().withMode(Mode.RESIZE))) {
                ViewMask found = session.segment(prompt).trace().view();
                int labelled = 0, both = 0, at = 0;
                for (int d : session.networkVolume().zoomIndex(0, window)) {
                    for (int h : session.networkVolume().zoomIndex(1, window)) {
                        for (int w : session.networkVolume().zoomIndex(2, window)) {
                            boolean in =
                                    label.get(session.networkVolume().geometry().storedIndex(d, h, w));
                            labelled += in ? 1 : 0;
                            both += in && found.get(at) ? 1 : 0;
                            at++;
                        }
                    }
                }
                double expected = 2.0 * both / (labelled + found.count());
                for (Mode mode : List.of(Mode.RESIZE, Mode.ZOOM, Mode.REFINED)) {
                    assertThat(only("one", "left_kidney", mode, kind).viewDice())
                            .as("%s by %s", mode, kind)
                            .isEqualTo(expected);
                }
                best = Math.max(best, expected);
            }
        }
        assertThat(best).isPositive();
        assertThat(evaluation.measurements())
                .filteredOn(m -> m.mode() == Mode.SLIDING_WINDOW)
                .allMatch(m -> Double.isNaN(m.viewDice()));
        assertThat(ScoreGroup.overall(evaluation))
                .allMatch(group -> (group.viewDice() == null) == (group.mode() == Mode.SLIDING_WINDOW));
    }

    private static Measurement only(String name, String structure, Mode mode, PromptKind kind) {
        List<Measurement> found = evaluation.measurements().stream()
                .filter(m -> m.caseName().equals(name)
                        && m.structure().equals(structure)
                        && m.mode() == mode
                        && m.prompt() == kind)
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void aSessionIsSharedByTheCasesPrompts() {
        for (CaseCost cost : evaluation.costs()) {
            List<Measurement> own = evaluation.measurements().stream()
                    .filter(m -> m.caseName().equals(cost.caseName()) && m.mode() == cost.mode())
                    .toList();
            assertThat(cost.prompts()).isEqualTo(own.size());
            assertThat(cost.encoderPasses())
                    .isEqualTo(own.stream().mapToInt(Measurement::encoderPasses).sum())
                    .isPositive();
            assertThat(cost.seconds())
                    .isPositive()
                    .isCloseTo(own.stream().mapToDouble(Measurement::seconds).sum(), within(1e-9));
            assertThat(own).allMatch(m -> m.encoderPasses() <= m.windows());
            if (cost.mode() == Mode.RESIZE) {
                assertThat(cost.encoderPasses()).isEqualTo(1);
                assertThat(own).allMatch(m -> m.windows() == 1);
            }
        }
        assertThat(evaluation.costs()).hasSize(2 * 4);
    }

    @Test
    void theSameSeedGivesTheSameScores() throws IOException {
        EvaluationOptions clicks = new EvaluationOptions(
                List.of(PromptKind.POINT), List.of(Mode.RESIZE), Set.of("left_kidney"), 2, OPTIONS.inference());
        List<MaskScores> first = scores(Evaluator.run(model, cases, clicks));
        assertThat(first)
                .containsExactly(only("one", "left_kidney", Mode.RESIZE, PromptKind.POINT)
                        .scores());
        EvaluationOptions single = new EvaluationOptions(
                clicks.prompts(),
                clicks.modes(),
                clicks.names(),
                2,
                OPTIONS.inference().withVariant(Variant.GITHUB.withExtraClicks(0, 0)));
        assertThat(scores(Evaluator.run(model, cases, single))).isNotEqualTo(first);
    }

    private static List<MaskScores> scores(Evaluation some) {
        return some.measurements().stream().map(Measurement::scores).toList();
    }

    @Test
    void casesWithoutTheWantedStructuresAreNoted() throws IOException {
        EvaluationOptions kidney = new EvaluationOptions(
                List.of(PromptKind.BOX), List.of(Mode.RESIZE), Set.of("left_kidney"), 2, Options.DEFAULT);
        assertThat(Evaluator.run(model, cases, kidney).notes())
                .containsExactly("case two has no voxel of a structure to be measured");
        EvaluationOptions aorta = new EvaluationOptions(
                List.of(PromptKind.BOX), List.of(Mode.RESIZE), Set.of("aorta"), 2, Options.DEFAULT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Evaluator.run(model, cases, aorta))
                .withMessageContaining("none of the 2 cases has a voxel");
        EvaluationOptions unknown = new EvaluationOptions(
                List.of(PromptKind.BOX), List.of(Mode.RESIZE), Set.of("livr"), 2, Options.DEFAULT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Evaluator.run(model, cases, unknown))
                .withMessage("the data names no structure \"livr\"; it names [aorta, left_kidney, liver]");
    }

    @Test
    void wrongOptionsAreRefusedBeforeAnyWork() {
        Options segfm = Options.DEFAULT.withVariant(Variant.SEGFM);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new EvaluationOptions(List.of(PromptKind.TEXT), List.of(Mode.ZOOM), Set.of(), 2, segfm))
                .withMessageContaining("the segfm variant needs a box");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EvaluationOptions(List.of(), List.of(Mode.ZOOM), Set.of(), 2, segfm))
                .withMessageContaining("at least one kind of prompt");
        for (double tolerance : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new EvaluationOptions(
                            List.of(PromptKind.BOX), List.of(Mode.ZOOM), Set.of(), tolerance, Options.DEFAULT))
                    .withMessage("the tolerance is a distance in mm, 0 or more, found " + tolerance);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptKind.of("word"))
                .withMessageContaining("choose from text, box, point, text+box, text+point");
    }

    @Test
    void aCtThatCannotBeUsedIsNamed(@TempDir Path other) throws IOException {
        LabelledPhantoms.write(other, "flat", false);
        Files.writeString(other.resolve("labels.json"), "{\"liver\": 1}");
        Path ct = other.resolve("flat/ct.nii.gz");
        Volumes.writeLabels((k, target) -> {}, 0, Volumes.read(ct), ct);
        List<LabelledCase> flat = LabelledCases.read(other);
        assertThatThrownBy(() -> Evaluator.run(model, flat, OPTIONS))
                .isInstanceOf(DataSetException.class)
                .hasMessageStartingWith(ct + ": the volume is constant");
    }

    @Test
    void itStopsWhenAsked() {
        Progress stop = new Progress() {
            @Override
            public void update(String step, int done, int total) {
                assertThat(step).contains("case one, zoom, liver");
                assertThat(total).isEqualTo(8);
            }

            @Override
            public boolean isCancelled() {
                return true;
            }
        };
        EvaluationOptions stopping = new EvaluationOptions(
                OPTIONS.prompts(), OPTIONS.modes(), Set.of(), 2, Options.DEFAULT.withProgress(stop));
        assertThatThrownBy(() -> Evaluator.run(model, cases, stopping)).isInstanceOf(CancellationException.class);
    }

    @Test
    void reportsAgreeWithTheMeasurements() {
        JsonObject json = JsonParser.parseString(JsonReport.of(evaluation, Map.of("seed", 5)))
                .getAsJsonObject();
        assertThat(json.getAsJsonArray("measurements")).hasSize(60);
        assertThat(json.getAsJsonArray("overall")).hasSize(20);
        assertThat(json.getAsJsonArray("structures")).hasSize(40);
        JsonObject first = json.getAsJsonArray("overall").get(0).getAsJsonObject();
        double[] dices = evaluation.measurements().stream()
                .filter(m -> m.mode() == Mode.ZOOM && m.prompt() == PromptKind.TEXT)
                .mapToDouble(m -> m.scores().dice())
                .sorted()
                .toArray();
        assertThat(first.get("n").getAsInt()).isEqualTo(3);
        assertThat(first.getAsJsonObject("dice").get("median").getAsDouble()).isEqualTo(dices[1]);
        List<String> csv = CsvTable.of(evaluation).lines().toList();
        assertThat(csv).hasSize(61);
        Measurement one = evaluation.measurements().get(7);
        assertThat(csv.get(8))
                .startsWith(String.join(
                        ",", one.caseName(), one.structure(), one.mode().word()));
        assertThat(csv.get(8).split(",", -1)[4])
                .isEqualTo(Double.toString(one.scores().dice()));
        String page = MarkdownTables.of(evaluation, List.of("seed: 5"));
        assertThat(page).contains("# Evaluation", "- seed: 5", "| zoom | text | 3 |", "| one | sliding-window | 10 |");
        for (String block : page.split("\n\n", -1)) {
            if (block.startsWith("| ")) {
                assertThat(block.lines()
                                .map(line -> line.chars().filter(c -> c == '|').count())
                                .distinct())
                        .hasSize(1);
            }
        }
    }

    @Test
    void chartsHoldEveryMeasurement() {
        Map<String, ViolinChart> charts = EvaluationCharts.of(evaluation);
        assertThat(charts.keySet()).hasSize(9).contains("dice-zoom", "nsd-refined", "modes");
        charts.forEach((name, chart) -> {
            int values = chart.groups().stream()
                    .flatMap(group -> group.samples().stream())
                    .mapToInt(sample -> sample.length)
                    .sum();
            assertThat(values).as(name).isEqualTo(name.equals("modes") ? 60 : 15);
            assertThat(ViolinPlot.render(chart).getWidth()).isBetween(500, 1600);
        });
    }
}
