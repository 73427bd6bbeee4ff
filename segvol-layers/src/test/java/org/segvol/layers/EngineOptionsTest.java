package org.segvol.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.segvol.layers.EngineOptions.Precision;

class EngineOptionsTest {
    @Test
    void threadsThatWouldEndTheProcessAreRefused() {
        for (int threads : new int[] {-1, EngineOptions.MOST_THREADS + 1, 100_000}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new EngineOptions(Precision.F32, threads))
                    .withMessage("threads are 0 (all cores) to 1024, found " + threads);
        }
        assertThat(new EngineOptions(Precision.F32, EngineOptions.MOST_THREADS).threads())
                .isEqualTo(EngineOptions.MOST_THREADS);
    }

    @Test
    void aPrecisionIsNeeded() {
        assertThatNullPointerException()
                .isThrownBy(() -> new EngineOptions(null, 0))
                .withMessage("precision");
    }
}
