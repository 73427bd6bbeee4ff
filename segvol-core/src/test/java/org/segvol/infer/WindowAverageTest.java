package org.segvol.infer;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.segvol.weights.Extent;

class WindowAverageTest {
    @Test
    void planesThatFitNoArrayAreRefused() {
        Extent volume = new Extent(8, 12000, 12000), window = new Extent(32, 256, 256);
        WindowLayout layout = WindowLayout.over(NetworkRegion.all(volume), window, 0.5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WindowAverage(layout, LogitField.nothing(volume), false, (plane, logits) -> {}))
                .withMessage(
                        "planes of 12000x12000 voxels are too large for windows, at most 67108863 voxels are supported;"
                                + " crop or resample the volume, or choose --mode resize");
    }
}
