package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.ParameterTable;

/** What a model's parts cost: nothing is counted twice or forgotten, and times are measured when asked for. */
class ComplexityTest {
    @Test
    void everyParameterIsCountedOnce() throws IOException {
        try (SegVol model = SegVol.load(SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2))) {
            Complexity counted = Complexity.of(model, 0);
            ParameterTable table = ParameterTable.of(TestConfigs.MINI);
            assertThat(counted.parameters()).isEqualTo(table.parameterCount());
            assertThat(counted.unused()).isPositive();
            assertThat(counted.parts().get(0).parameters())
                    .isEqualTo(table.imageEncoder().parameterCount());
            assertThat(counted.parts()).allMatch(p -> p.multiplyAdds() > 0 && Double.isNaN(p.seconds()));

            Complexity measured = Complexity.of(model, 3);
            assertThat(measured.parts()).hasSameSizeAs(counted.parts()).allMatch(p -> p.seconds() > 0);
            assertThat(measured.parameters()).isEqualTo(counted.parameters());
            assertThatIllegalArgumentException().isThrownBy(() -> Complexity.of(model, -1));
        }
    }

    @Test
    void aClosedModelIsRefused() throws IOException {
        SegVol model = SegVol.load(SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2));
        model.close();
        assertThatIllegalStateException().isThrownBy(() -> Complexity.of(model, 0));
    }
}
