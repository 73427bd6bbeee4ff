package org.segvol.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where the foreground of a normalised volume begins. */
class NormalisationTest {
    @Test
    void smallestPositiveIsTheFirstFloatAboveZero() {
        long seed = System.nanoTime();
        System.out.println("normalisation: seed " + seed);
        Random random = new Random(seed);
        for (int n = 0; n < 2000; n++) {
            float lower = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4));
            float upper = lower + (float) (Math.abs(random.nextGaussian()) * Math.pow(10, random.nextInt(9) - 4));
            check(statistics(lower, upper, lower - 1, upper + 1));
        }
        check(statistics(-0f, 1, -0f, 1));
        check(statistics(-Float.MIN_VALUE, 0, -1, 1));
    }

    @Test
    void hugeRangesDoNotTakeLong() {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            check(statistics(-1e38f, 1e38f, -1.2e38f, 1.2e38f));
            check(statistics(-3e38f, -1e-30f, -3e38f, 0));
            check(statistics(0, Float.MIN_NORMAL, 0, 1));
        });
    }

    @Test
    void nothingIsPositiveWhenAllForegroundIsEqual() {
        assertThat(Normalisation.of(statistics(3, 3, 0, 3)).smallestPositive()).isNaN();
    }

    private static ForegroundStatistics statistics(float lower, float upper, float minimum, float maximum) {
        float mean = lower / 2 + upper / 2, std = Math.max(upper / 4 - lower / 4, 0);
        return new ForegroundStatistics(minimum, lower, upper, mean, std, 2, minimum, maximum);
    }

    private static void check(ForegroundStatistics s) {
        Normalisation normalisation = Normalisation.of(s);
        float first = normalisation.smallestPositive();
        assertThat(normalisation.apply(s.minimum())).isZero();
        if (Float.isNaN(first)) {
            assertThat(normalisation.apply(s.maximum())).isZero();
        } else {
            assertThat(normalisation.apply(first)).as("at %s of %s", first, s).isPositive();
            assertThat(normalisation.apply(Math.nextDown(first)))
                    .as("below %s of %s", first, s)
                    .isZero();
        }
    }
}
