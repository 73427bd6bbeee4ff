package org.segvol.train;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FineTuneOptionsTest {
    @Test
    void numbersThatMakeWeightsNaNAreRefused() {
        List<Consumer<FineTuneOptions.Builder>> changes = List.of(
                o -> o.beta2 = 1,
                o -> o.learningRate = Double.POSITIVE_INFINITY,
                o -> o.decay = Double.POSITIVE_INFINITY);
        for (Consumer<FineTuneOptions.Builder> change : changes) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FineTuneOptions.DEFAULT.with(change))
                    .withMessageStartingWith("beta2 must be below 1, learningRate and decay finite; found ");
        }
    }
}
