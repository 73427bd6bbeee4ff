package org.segvol.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.Mode;
import org.segvol.Options;
import org.segvol.Prompt;
import org.segvol.SegVol;
import org.segvol.Session;
import org.segvol.data.LabelledCase;
import org.segvol.data.LabelledCases;
import org.segvol.data.LoadedCase;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VoxelPoint;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;

/** The experiment on ambiguous prompts with a small model: what is asked, and every number against one's own session. */
class AmbiguityTest {
    private static final Options OPTIONS = Options.DEFAULT.withMode(Mode.RESIZE).withSeed(5);
    private static final AmbiguityPair NESTED = AmbiguityPair.of("left_kidney/liver");
    private static final AmbiguityPair APART = AmbiguityPair.of(" left_kidney / spleen ");

    @TempDir
    static Path data;

    private static SegVol model;
    private static List<LabelledCase> cases;
    private static Ambiguity ambiguity;

    @BeforeAll
    static void measure() throws IOException {
        LabelledPhantoms.write(data, "one", true);
        LabelledPhantoms.write(data, "two", false);
        // value 1 is the spleen, 2 the kidney, and a liver of no voxels of its own contains both
        Files.writeString(data.resolve("labels.json"), """
                {"labels": {"spleen": 1, "left_kidney": 2, "liver": 3},
                 "contains": {"liver": ["spleen", "left_kidney"]}}""");
        model = SegVol.load(SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2));
        cases = LabelledCases.read(data);
        ambiguity = Ambiguity.run(model, cases, List.of(NESTED, APART), OPTIONS);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void sharedPlacesAreAskedAloneAndWithBothNames() throws IOException {
        LoadedCase loaded = cases.get(0).load();
        Mask kidney = loaded.mask(2), liver = loaded.mask(3);
        assertThat(liver.count()).isEqualTo(kidney.count() + loaded.mask(1).count());
        // case two has no kidney; kidney and spleen have no voxel in common
        assertThat(ambiguity.answers()).hasSize(3 * 3).allMatch(answer -> answer.caseName()
                .equals("one"));
        assertThat(ambiguity.answers())
                .extracting(Ambiguity.Answer::word)
                .startsWith(null, "left_kidney", "liver", null)
                .endsWith(null, "left_kidney", "spleen");
        assertThat(ambiguity.examples()).hasSize(3);
        Prompt click = ambiguity.examples().get(0).prompt();
        VoxelPoint at = click.clicks().get(0).at();
        assertThat(kidney.get(at.i(), at.j(), at.k())).isTrue();
        assertThat(ambiguity.examples().get(1).prompt().box()).isEqualTo(liver.bounds());
        assertThat(ambiguity.examples().get(2).prompt().box()).isEqualTo(liver.bounds());
        try (Session session = model.open(loaded.image(), OPTIONS)) {
            Mask found = session.segment(click.andText("left kidney")).mask();
            Ambiguity.Answer answer = ambiguity.answers().get(1);
            assertThat(answer.first())
                    .isEqualTo(MaskScores.of(found, kidney, loaded.image().affine(), 2)
                            .dice());
            assertThat(answer.second())
                    .isEqualTo(MaskScores.of(found, liver, loaded.image().affine(), 2)
                            .dice());
            assertThat(answer.isFirst()).isEqualTo(answer.first() > answer.second());
        }
        assertThat(ambiguity.answers()).anyMatch(answer -> answer.second() > 0.1);
    }

    @Test
    void anotherSeedClicksElsewhere() throws IOException {
        Ambiguity other = Ambiguity.run(model, cases, List.of(NESTED), OPTIONS.withSeed(6));
        assertThat(other.examples().get(0).prompt())
                .isNotEqualTo(ambiguity.examples().get(0).prompt());
        assertThat(other.examples().get(1).prompt())
                .isEqualTo(ambiguity.examples().get(1).prompt());
    }

    @Test
    void tablesAndPictureShowEveryPlace() {
        String page = AmbiguityTables.markdown(ambiguity, List.of("seed: 5"));
        assertThat(page)
                .contains(
                        "- seed: 5",
                        "| left_kidney | liver | click | none | 1 | ",
                        "| left_kidney | spleen | box | spleen | 1 |");
        assertThat(page.lines().filter(line -> line.startsWith("| left_kidney")))
                .hasSize(9);
        assertThat(AmbiguityTables.csv(ambiguity).lines())
                .hasSize(10)
                .first()
                .isEqualTo("case,first,second,place,word,dice_first,dice_second");
        BufferedImage picture = AmbiguityPicture.render(ambiguity);
        assertThat(picture.getWidth()).isBetween(1200, 1400);
        assertThat(picture.getHeight()).isGreaterThan(3 * 200);
    }

    @Test
    void thePictureShowsAStructureAlsoWhereNoAxialSliceHasBoth() {
        GridSize size = new GridSize(40, 40, 12);
        Mask.Builder low = Mask.builder(size), high = Mask.builder(size);
        for (int j = 5; j < 35; j++) {
            high.setRow(5, j == 5 ? 35 : 6, j, 8); // so that the box does not cover the other's outline
            if (j >= 12 && j < 28) {
                low.setRow(12, 28, j, 4);
            }
        }
        Mask first = low.build(), second = high.build();
        Volume image = new Volume(
                size, Voxels.of(new short[size.count()], VoxelType.INT16, 1, 0), Affine.scaling(1, 1, 1), Forms.NONE);
        List<Ambiguity.Answer> answers = new ArrayList<>();
        for (String word : Arrays.asList(null, "low", "high")) {
            answers.add(
                    new Ambiguity.Answer("one", AmbiguityPair.of("low/high"), AmbiguityPair.Place.BOX, word, 0.5, 0.5));
        }
        Mask none = Mask.builder(size).build();
        Prompt box = Prompt.NONE.box(AmbiguityPair.boxAround(first, second));
        Ambiguity.Example example =
                new Ambiguity.Example(image, first, second, box, List.of(none, none, none), answers);
        BufferedImage picture = AmbiguityPicture.render(new Ambiguity(answers, List.of(example), OPTIONS));
        int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        // the first structure's outline; its dot in the caption has about 80
        assertThat(Arrays.stream(pixels)
                        .filter(rgb -> (rgb & 0xFFFFFF) == 0xB9F23A)
                        .count())
                .isGreaterThan(300);
    }

    @Test
    void wrongPairsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AmbiguityPair.of("liver"))
                .withMessage("a pair is two names with a slash between them, such as liver tumor/liver, found liver");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AmbiguityPair.of("liver/liver"))
                .withMessageContaining("two names");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ambiguity.run(model, cases, List.of(AmbiguityPair.of("liver/heart")), OPTIONS))
                .withMessage("the data names no structure \"heart\"; it names [left_kidney, liver, spleen]");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Ambiguity.run(model, cases, List.of(NESTED, AmbiguityPair.of("splen/liver")), OPTIONS))
                .withMessage("the data names no structure \"splen\"; it names [left_kidney, liver, spleen]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ambiguity.run(model, cases.subList(1, 2), List.of(APART), OPTIONS))
                .withMessage("none of the 1 cases has both structures of a pair of [left_kidney/spleen]");
        LabelledCase one = cases.get(0);
        List<LabelledCase> apart = List.of(named(one, "left_kidney"), named(one, "spleen"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ambiguity.requirePairs(apart, List.of(APART)))
                .withMessage("none of the 2 cases names both structures of left_kidney/spleen");
    }

    private static LabelledCase named(LabelledCase one, String name) {
        return new LabelledCase(name, one.image(), one.label(), new TreeMap<>(Map.of(1, name)));
    }
}
