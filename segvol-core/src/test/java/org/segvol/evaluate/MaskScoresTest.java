package org.segvol.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segvol.image.Affine;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.VoxelBox;

/** Scores against scipy's numbers, which {@code src/test/python/metric_goldens.py} wrote. */
class MaskScoresTest {
    /** Distances are kept as float32. */
    private static final double FLOAT = 1e-6;

    record Expected(
            long found,
            long labelled,
            long common,
            double dice,
            double published,
            double surface_dice,
            Double hausdorff95) {}

    record Case(
            String name, int[] size, double[] spacing, double tolerance, String mask, String label, Expected expected) {
        Mask unpack(String bits) {
            byte[] packed = Base64.getDecoder().decode(bits);
            Mask.Builder builder = Mask.builder(new GridSize(size[0], size[1], size[2]));
            for (int i = 0; i < size[0] * size[1] * size[2]; i++) {
                if ((packed[i >> 3] >> (i & 7) & 1) != 0) {
                    builder.set(i);
                }
            }
            return builder.build();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream in = MaskScoresTest.class.getResourceAsStream("metrics.json");
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            List<Case> cases = new Gson().fromJson(reader, new TypeToken<List<Case>>() {});
            return cases.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoresEqualAnIndependentProgram(Case one) {
        // orientation and direction of the axes must not matter, only their lengths
        double[] s = one.spacing();
        Affine affine = Affine.ofRows(0, -s[1], 0, 9, s[0], 0, 0, -5, 0, 0, -s[2], 30);
        MaskScores scores = MaskScores.of(one.unpack(one.mask()), one.unpack(one.label()), affine, one.tolerance());
        Expected expected = one.expected();
        assertThat(scores.found()).isEqualTo(expected.found());
        assertThat(scores.labelled()).isEqualTo(expected.labelled());
        assertThat(scores.common()).isEqualTo(expected.common());
        assertThat(scores.dice()).isEqualTo(expected.dice());
        assertThat(scores.publishedScore()).isEqualTo(expected.published());
        assertThat(scores.surfaceDice()).isEqualTo(expected.surface_dice());
        if (expected.hausdorff95() == null) {
            assertThat(scores.hausdorff95()).isInfinite();
        } else {
            double far = expected.hausdorff95();
            assertThat(scores.hausdorff95()).isCloseTo(far, within(FLOAT * (1 + far)));
        }
    }

    @Test
    void cutsOutsideTheSharedBoxDoNotMatter() throws IOException {
        Case one = cases().findFirst().orElseThrow();
        Mask mask = one.unpack(one.mask()), label = one.unpack(one.label());
        Affine affine = Affine.scaling(one.spacing()[0], one.spacing()[1], one.spacing()[2]);
        assertThat(MaskScores.of(moved(mask), moved(label), affine, one.tolerance()))
                .isEqualTo(MaskScores.of(mask, label, affine, one.tolerance()));
    }

    @Test
    void thePublishedScoreDoesNotCountWhatIsLabelledOutsideOfTheCrop() {
        GridSize size = new GridSize(4, 3, 2);
        Mask found = Mask.builder(size).setRange(0, 3).build();
        Mask label = Mask.builder(size).setRange(1, 8).set(23).build();
        Affine affine = Affine.scaling(1, 1, 1);
        MaskScores whole = MaskScores.of(found, label, affine, 1);
        MaskScores cropped = MaskScores.of(found, label, VoxelBox.of(0, 0, 0, 2, 2, 0), affine, 1);
        assertThat(whole.publishedScore()).isEqualTo(2.0 * 2 / (3 + 8 + 1));
        assertThat(cropped.publishedScore()).isEqualTo(2.0 * 2 / (3 + 5 + 1));
        assertThat(cropped.labelled()).isEqualTo(8);
        assertThat(cropped.dice()).isEqualTo(whole.dice());
    }

    /** The same set in the middle of a larger grid. */
    private static Mask moved(Mask mask) {
        GridSize size = mask.size();
        Mask.Builder builder = Mask.builder(new GridSize(size.ni() + 70, size.nj() + 9, size.nk() + 4));
        for (int k = 0; k < size.nk(); k++) {
            for (int j = 0; j < size.nj(); j++) {
                for (int i = 0; i < size.ni(); i++) {
                    if (mask.get(i, j, k)) {
                        builder.set(i + 63, j + 4, k + 1);
                    }
                }
            }
        }
        return builder.build();
    }

    @Test
    void wrongInputIsRefused() {
        Mask mask = Mask.builder(new GridSize(3, 3, 3)).set(0).build();
        Mask other = Mask.builder(new GridSize(3, 3, 2)).set(0).build();
        Affine affine = Affine.scaling(1, 1, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MaskScores.of(mask, other, affine, 2))
                .withMessageContaining("masks of one grid");
        for (double tolerance : new double[] {-1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> MaskScores.of(mask, mask, affine, tolerance))
                    .withMessageContaining("the tolerance is a distance in mm");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MaskScores.of(mask, mask, Affine.scaling(1, 0, 1), 2))
                .withMessageContaining("voxel sides must be positive");
    }
}
