package org.segvol.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class VolumeSummaryTest {
    private static VolumeSummary summary(float... values) {
        GridSize size = new GridSize(values.length, 1, 1);
        return VolumeSummary.of(new Volume(size, Voxels.of(values, 1, 0), Affine.scaling(1, 2, 3), Forms.NONE));
    }

    @Test
    void distributionOfManyValues() {
        float[] values = new float[1001];
        for (int n = 0; n < values.length; n++) {
            values[n] = (n * 617 % 1001) - 100;
        }
        Intensities found = summary(values).intensities();
        assertThat(found.min()).isEqualTo(-100);
        assertThat(found.max()).isEqualTo(900);
        assertThat(found.mean()).isCloseTo(400, within(1e-9));
        assertThat(found.low()).isCloseTo(-95, within(0.02));
        assertThat(found.median()).isCloseTo(400, within(0.02));
        assertThat(found.high()).isCloseTo(895, within(0.02));
        assertThat(found.softTissue()).isCloseTo(401 / 1001.0, within(1e-12));
    }

    @Test
    void valuesThatAreNoNumbersAreCountedAndLeftOut() {
        Intensities found = summary(1, Float.NaN, 3, Float.POSITIVE_INFINITY).intensities();
        assertThat(found.notFinite()).isEqualTo(2);
        assertThat(found.mean()).isEqualTo(2);
        assertThat(found.max()).isEqualTo(3);
        Intensities none = summary(Float.NaN, Float.NaN).intensities();
        assertThat(none.notFinite()).isEqualTo(2);
        assertThat(none.min()).isNaN();
        assertThat(none.looksLikeHounsfieldUnits()).isFalse();
    }

    @Test
    void constantVolumes() {
        Intensities found = summary(5, 5, 5).intensities();
        assertThat(found.low()).isEqualTo(5);
        assertThat(found.high()).isEqualTo(5);
    }

    @Test
    void ctIsToldFromOtherImages() {
        assertThat(summary(-1000, -990, 40, 50, 300).looksLikeCt()).isTrue();
        assertThat(summary(0, 100, 40, 50, 300).looksLikeCt()).isFalse();
        assertThat(summary(24, 34, 1064, 1074).looksLikeCt())
                .as("CT that was shifted to start at 0")
                .isFalse();
        assertThat(summary(-1000, -990, -800, -700).looksLikeCt())
                .as("nothing but air")
                .isFalse();
    }

    /** Volumes of several chunks, on both sides of each limit: the question alone has the summary's answer. */
    @Test
    void askingForCtAloneGivesTheSame() {
        int yes = 0;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            float[] values = new float[1 + random.nextInt(40_000)];
            double air = 0.02 * random.nextDouble(), soft = 0.02 * random.nextDouble();
            for (int n = 0; n < values.length; n++) {
                double which = random.nextDouble();
                values[n] = which < air ? -500 : which < air + soft ? 300 : which < 0.5 ? Float.NaN : 301;
            }
            Volume volume = new Volume(
                    new GridSize(values.length, 1, 1), Voxels.of(values, 1, 0), Affine.scaling(1, 1, 1), Forms.NONE);
            boolean ct = VolumeSummary.of(volume).looksLikeCt();
            assertThat(VolumeSummary.looksLikeCt(volume)).isEqualTo(ct);
            yes += ct ? 1 : 0;
        }
        assertThat(yes).isBetween(20, 180);
    }

    @Test
    void geometry() {
        VolumeSummary found = summary(1, 2, 3, 4);
        assertThat(found.orientation().codes()).isEqualTo("RAS");
        assertThat(found.spacing(2)).isEqualTo(3);
        assertThat(found.extent(0)).isEqualTo(4);
        assertThat(found.type()).isEqualTo(VoxelType.FLOAT32);
    }
}
