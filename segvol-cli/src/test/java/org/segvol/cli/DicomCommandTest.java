package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.io.Volumes;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;

/** The commands on folders with DICOM images. */
class DicomCommandTest {
    /** Five series of three images, numbered 1 to 5. */
    private static final Path FIVE =
            Path.of(System.getProperty("segvol.root", "."), "segvol-core/src/test/resources/dicom");

    @TempDir
    Path folder;

    private static Path weights;

    @BeforeAll
    static void prepare() throws IOException {
        weights = SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2);
    }

    @Test
    void theMaskIsInTheGridOfTheSeries() throws IOException {
        Path out = folder.resolve("out.nii.gz");
        Run run = Run.of("segment", FIVE, "--series", 3, "-w", weights, "--text", "liver", "-o", out);
        assertThat(run.code()).as(run.err()).isZero();
        Volume mask = Volumes.read(out), ct = Volumes.read(FIVE.resolve("oblique"));
        assertThat(mask.size()).isEqualTo(new GridSize(5, 4, 3));
        for (int n = 0; n < 12; n++) {
            assertThat(mask.affine().get(n / 4, n % 4))
                    .isEqualTo((float) ct.affine().get(n / 4, n % 4));
        }
    }

    @Test
    void oneOfSeveralSeriesMustBeChosen() {
        Path out = folder.resolve("out.nii.gz");
        Run none = Run.of("segment", FIVE, "-w", weights, "--text", "liver", "-o", out);
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err())
                .contains("dicom: expected one series, found 5: 1 (CT \"Th\u00f6rax 1.25\", 3 images); 2 (")
                .contains("; choose one with --series");
        assertThat(out).doesNotExist();
        Run volume = Run.of("segment", FIVE, "--volume", 0, "-w", weights, "--text", "liver", "-o", out);
        assertThat(volume.err()).contains("is a folder, of which --series chooses; leave --volume out");
        Run file = Run.of("segment", weights, "--series", 1, "-w", weights, "--text", "liver", "-o", out);
        assertThat(file.err()).contains("is no folder with DICOM images; leave --series out");
    }

    @Test
    void infoListsSeriesOrTellsWhatOneIs() throws IOException {
        Run list = Run.of("info", FIVE);
        assertThat(list.code()).isZero();
        assertThat(list.out())
                .contains(": 5 series of DICOM images; --series chooses one")
                .contains("  4 (CT \"Th\u00f6rax 1.25\", 3 images), 2.25.4");
        Run one = Run.of("info", FIVE, "--series", "2.25.3");
        assertThat(one.out()).contains("voxels      5x4x3, int16").contains("orientation L");
        assertThat(Run.of("info", FIVE.resolve("scales")).out()).contains("5x4x3, float32");
        Files.writeString(folder.resolve("notes.txt"), "no image");
        assertThat(Run.of("info", folder).err()).contains("neither weights nor an image");
        Files.copy(FIVE.resolve("scales/IM1"), folder.resolve("1"));
        Files.copy(FIVE.resolve("scales/IM1"), folder.resolve("2"));
        assertThat(Run.of("info", folder).err())
                .contains("found 0.000 mm between")
                .doesNotContain("weights");
        assertThat(Run.of("info", weights, "--series", 1).code()).isZero(); // weights have no series
        assertThat(Run.of("info", folder.resolve("notes.txt"), "--series", 1).err())
                .contains("is no folder with DICOM images");
    }
}
