package org.segvol.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.segvol.io.PngFile;

/** Violin pictures: the same pixels each time, every value inside, odd samples drawn without failing. */
class ViolinPlotTest {
    private static final List<String> SERIES = List.of("text", "box", "point", "text+box", "text+point");

    /** Samples of different sizes and shapes: many, few, two, one, none, all equal, two heaps. */
    private static ViolinChart chart(int groups) {
        Random random = new Random(11);
        List<ViolinChart.Group> all = new ArrayList<>();
        int[] sizes = {200, 20, 9, 3, 2, 1, 0};
        for (int n = 0; n < groups; n++) {
            List<double[]> samples = new ArrayList<>();
            for (int s = 0; s < SERIES.size(); s++) {
                int size = sizes[(n + s) % sizes.length];
                double middle = 0.95 - 0.07 * n % 0.6, spread = 0.03 + 0.03 * s;
                boolean heaps = s == 3, equal = n == 2 && s == 1;
                samples.add(random.doubles(size)
                        .map(u -> equal ? 0.7 : middle - (heaps && u > 0.6 ? 0.4 : 0) + spread * random.nextGaussian())
                        .map(v -> Math.max(0, Math.min(1, v)))
                        .toArray());
            }
            all.add(new ViolinChart.Group(n % 3 == 0 ? "right kidney" : "liver " + n, samples));
        }
        return new ViolinChart("Dice by structure and prompt, mode zoom", "Dice", SERIES, all);
    }

    @Test
    void theSameChartGivesTheSamePixels() throws IOException {
        BufferedImage picture = ViolinPlot.render(chart(9));
        assertThat(pixels(ViolinPlot.render(chart(9)))).isEqualTo(pixels(picture));
        assertThat(picture.getWidth()).isLessThanOrEqualTo(1600);
        assertThat(pixels(picture).length).isGreaterThan(500_000);
        Path folder = Path.of("target", "pictures");
        Files.createDirectories(folder);
        PngFile.write(picture, folder.resolve("violins.png"));
    }

    private static int[] pixels(BufferedImage picture) {
        return picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    }

    @Test
    void coloursOfViolinsAppearOnlyWhereThereAreSamples() {
        double[] sample = {0.5, 0.55, 0.6, 0.62};
        assertThat(coloured(sample)).isGreaterThan(300);
        assertThat(coloured(new double[0])).isBetween(50L, 200L); // the legend's square
    }

    /** Pixels that are much bluer than red. */
    private static long coloured(double[] sample) {
        ViolinChart chart =
                new ViolinChart("t", "Dice", List.of("text"), List.of(new ViolinChart.Group("liver", List.of(sample))));
        long n = 0;
        for (int rgb : pixels(ViolinPlot.render(chart))) {
            n += (rgb & 0xFF) - (rgb >> 16 & 0xFF) > 60 ? 1 : 0;
        }
        return n;
    }

    @Test
    void densityIsHighestWhereValuesLie() {
        Density density = Density.of(new double[] {0.1, 0.5, 0.5, 0.51, 0.49, 0.9});
        assertThat(density.from()).isEqualTo(0.1);
        assertThat(density.to()).isEqualTo(0.9);
        int highest = 0;
        for (int n = 0; n < density.heights().length; n++) {
            assertThat(density.heights()[n]).isBetween(0.0, 1.0);
            highest = density.heights()[n] > density.heights()[highest] ? n : highest;
        }
        assertThat(0.1 + 0.8 * highest / (density.heights().length - 1)).isBetween(0.48, 0.52);
        assertThat(density.heights()[highest]).isEqualTo(1);
    }

    @Test
    void chartsThatCannotBeDrawnAreRefused() {
        ViolinChart.Group group = new ViolinChart.Group("liver", List.of(new double[] {1.5}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ViolinChart("t", "a", List.of("text"), List.of(group)))
                .withMessageContaining("found 1.5 in group liver");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ViolinChart("t", "a", List.of("text", "box"), List.of(group)))
                .withMessageContaining("1 samples for 2 series");
        assertThatIllegalArgumentException().isThrownBy(() -> new ViolinChart("t", "a", List.of(), List.of(group)));
    }
}
