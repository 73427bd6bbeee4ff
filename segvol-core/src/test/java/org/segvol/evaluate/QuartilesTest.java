package org.segvol.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** Quartiles by hand, also with infinities. */
class QuartilesTest {
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    @Test
    void ranksAreInterpolated() {
        assertThat(Quartiles.of(new double[] {4, 1, 3, 2})).isEqualTo(new Quartiles(4, 2.5, 1.75, 2.5, 3.25));
        assertThat(Quartiles.of(new double[] {7})).isEqualTo(new Quartiles(1, 7, 7, 7, 7));
    }

    @Test
    void infinitiesAreTheWorstValues() {
        assertThat(Quartiles.of(new double[] {INFINITE, 1, 2, 3, 4})).isEqualTo(new Quartiles(5, INFINITE, 2, 3, 4));
        assertThat(Quartiles.of(new double[] {INFINITE, INFINITE, INFINITE, 1}))
                .isEqualTo(new Quartiles(4, INFINITE, INFINITE, INFINITE, INFINITE));
    }

    @Test
    void otherSamplesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Quartiles.of(new double[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> Quartiles.of(new double[] {1, Double.NaN}));
    }
}
