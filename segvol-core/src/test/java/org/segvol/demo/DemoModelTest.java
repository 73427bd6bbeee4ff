package org.segvol.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.Options;
import org.segvol.SegVol;
import org.segvol.evaluate.PromptKind;
import org.segvol.image.GridSize;
import org.segvol.image.Orientation;
import org.segvol.phantom.Phantom;

/** The weights that come with the library: small, whole, and good for what they were trained for. */
class DemoModelTest {
    private static final long MOST_BYTES = 8L << 20;
    /** Of ten structures; a model that does not know its prompts stays below 0.2. */
    private static final double LEAST_MEAN_DICE = 0.6;

    /** Neither seen in training, nor the demonstration's, nor one of those that the documents measure. */
    private static final long SEED = 20100;

    @TempDir
    Path folder;

    @Test
    void itFindsTheStructuresOfAnUnseenPhantom() throws IOException {
        Path file = folder.resolve("model.safetensors");
        DemoModel.write(file);
        assertThat(Files.size(file)).isLessThanOrEqualTo(MOST_BYTES);
        Phantom phantom = DemoModel.phantom(SEED);
        assertThat(phantom.image().size()).isEqualTo(new GridSize(192, 192, 80));
        assertThat(Orientation.of(phantom.image().affine()).codes()).isEqualTo("RAS");
        try (SegVol model = SegVol.load(file)) {
            Demonstration demo = Demonstration.run(model, phantom, Options.DEFAULT.withSeed(SEED), kind -> {});
            assertThat(demo.structures()).hasSize(10);
            assertThat(demo.rounds())
                    .filteredOn(round -> round.kind() != PromptKind.POINT)
                    .allSatisfy(round ->
                            assertThat(round.meanDice()).as(round.kind().word()).isGreaterThan(LEAST_MEAN_DICE));
        }
    }

    @Test
    void itSaysWhichSeedsItHasSeen() {
        assertThat(DemoModel.hasSeen(0)).isTrue();
        assertThat(DemoModel.hasSeen(10099)).isTrue();
        assertThat(DemoModel.hasSeen(10100)).isFalse();
        assertThat(DemoModel.hasSeen(20000)).isTrue();
        assertThat(DemoModel.hasSeen(20039)).isTrue();
        assertThat(DemoModel.hasSeen(20040)).isFalse();
        assertThat(DemoModel.hasSeen(DemoModel.UNSEEN)).isFalse();
        assertThat(DemoModel.hasSeen(-1)).isFalse();
    }
}
