package org.segvol.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.segvol.Mode;
import org.segvol.Options;
import org.segvol.Prompt;
import org.segvol.SegVol;
import org.segvol.evaluate.MaskScores;
import org.segvol.evaluate.PromptKind;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomOptions;
import org.segvol.phantom.Structure;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;

/** The demonstration with a small model on a small phantom. */
class DemonstrationTest {
    private static final Options OPTIONS = Options.DEFAULT.withMode(Mode.RESIZE).withSeed(3);

    private static SegVol model;
    private static Phantom phantom;
    private static Demonstration demo;
    private static final List<PromptKind> HEARD = new ArrayList<>();

    @BeforeAll
    static void run() throws IOException {
        model = SegVol.load(SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2));
        phantom = Phantom.of(
                10003, PhantomOptions.DEFAULT.withSize(new GridSize(64, 60, 40)).withOrientation("LPS"));
        demo = Demonstration.run(model, phantom, OPTIONS, HEARD::add);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void everyStructureIsAskedForInEveryWay() {
        assertThat(HEARD)
                .containsExactly(PromptKind.TEXT, PromptKind.BOX, PromptKind.POINT, PromptKind.TEXT_BOX)
                .isEqualTo(demo.rounds().stream().map(Demonstration.Round::kind).toList());
        assertThat(demo.structures()).contains(Structure.LIVER, Structure.SPINE);
        for (Demonstration.Round round : demo.rounds()) {
            assertThat(round.prompts()).hasSameSizeAs(demo.structures());
            for (int n = 0; n < demo.structures().size(); n++) {
                Prompt prompt = round.prompts().get(n);
                Mask label = demo.labels().get(n);
                assertThat(label).isEqualTo(phantom.mask(demo.structures().get(n)));
                boolean named = round.kind() == PromptKind.TEXT || round.kind() == PromptKind.TEXT_BOX;
                boolean boxed = round.kind() == PromptKind.BOX || round.kind() == PromptKind.TEXT_BOX;
                assertThat(prompt.text())
                        .isEqualTo(named ? demo.structures().get(n).title() : null);
                assertThat(prompt.box()).isEqualTo(boxed ? label.bounds() : null);
                assertThat(prompt.clicks())
                        .hasSize(round.kind() == PromptKind.POINT ? 1 : 0)
                        .allMatch(click -> {
                            return click.inside()
                                    && label.get(
                                            click.at().i(),
                                            click.at().j(),
                                            click.at().k());
                        });
            }
        }
    }

    @Test
    void scoresAreThoseOfTheMasks() {
        double best = 0;
        for (Demonstration.Round round : demo.rounds()) {
            double sum = 0;
            for (int n = 0; n < demo.labels().size(); n++) {
                double expected = MaskScores.of(
                                round.masks().get(n),
                                demo.labels().get(n),
                                phantom.image().affine(),
                                2)
                        .dice();
                assertThat(round.dice().get(n)).isEqualTo(expected);
                sum += expected;
            }
            assertThat(round.meanDice()).isCloseTo(sum / demo.labels().size(), within(1e-12));
            best = Math.max(best, round.meanDice());
            assertThat(round.seconds()).isPositive();
        }
        assertThat(best).isPositive();
        // the one view was encoded before the first round
        assertThat(demo.rounds()).allMatch(round -> round.encoderPasses() == 0);
        assertThat(demo.encodeSeconds()).isPositive();
    }

    @Test
    void theSameSeedGivesTheSamePictureAndAnotherOneOtherClicks() {
        Demonstration again = Demonstration.run(model, phantom, OPTIONS, kind -> {});
        assertThat(prompts(again)).isEqualTo(prompts(demo));
        assertThat(prompts(Demonstration.run(model, phantom, OPTIONS.withSeed(4), kind -> {})))
                .isNotEqualTo(prompts(demo));
        BufferedImage first = DemoPicture.render(demo, "a test"), second = DemoPicture.render(demo, "a test");
        assertThat(first.getWidth()).isBetween(1400, 1600);
        assertThat(pixels(first)).isEqualTo(pixels(second));
        assertThat(pixels(first))
                .contains(StructureColors.opaque(Structure.LIVER).getRGB());
    }

    private static List<List<Prompt>> prompts(Demonstration some) {
        return some.rounds().stream().map(Demonstration.Round::prompts).toList();
    }

    private static int[] pixels(BufferedImage picture) {
        return picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    }
}
