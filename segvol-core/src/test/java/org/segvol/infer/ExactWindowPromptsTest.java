package org.segvol.infer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.NetworkBox;
import org.segvol.weights.Extent;

/** What a window gets of a prompt in the volume. */
class ExactWindowPromptsTest {
    /** Around a volume of 8x10x12 voxels that is smaller than the window. */
    private static final VolumeView PADDED =
            new VolumeView(-2, -3, -4, new Extent(12, 16, 20), new NetworkRegion(0, 0, 0, 8, 10, 12));

    private static final VolumeView INNER =
            new VolumeView(2, 3, 4, new Extent(4, 4, 4), new NetworkRegion(0, 0, 0, 8, 10, 12));

    private static WindowPrompt of(NetworkBox box, Clicks clicks, VolumeView view) {
        return ExactWindowPrompts.of(new NetworkPrompt(new float[1], null, null, box, clicks), view);
    }

    @Test
    void boxesAndClicksAreCountedFromTheWindowsCorner() {
        NetworkBox box = new NetworkBox(0, 4, 2, 3, 5, 20);
        Clicks clicks = new Clicks(new float[] {2, 3, 4, 1, 3, 4, 5, 6, 7, 5, 6, 8}, new float[] {1, 1, 0, 0});
        assertThat(of(box, null, PADDED)).isEqualTo(new WindowPrompt(new NetworkBox(2, 7, 6, 5, 8, 19), null));
        assertThat(of(box, null, INNER).box()).isEqualTo(new NetworkBox(0, 1, 0, 1, 2, 3));
        assertThat(of(new NetworkBox(0, 0, 0, 1, 9, 9), null, INNER).box()).isNull();
        Clicks seen = of(null, clicks, INNER).clicks();
        assertThat(seen.coordinates()).containsExactly(0, 0, 0, 3, 3, 3);
        assertThat(seen.labels()).containsExactly(1, 0);
    }

    /** Their coordinates are -1, and the window's first voxels lie there. */
    @Test
    void anEmptyBoxAndFillersLieInNoWindow() {
        Clicks fillers = new Clicks(new float[] {-1, -1, -1, -1, -1, -1}, new float[] {-1, -1});
        assertThat(of(NetworkBox.EMPTY, fillers, PADDED)).isEqualTo(new WindowPrompt(null, null));
        Clicks mixed = new Clicks(new float[] {-1, -1, -1, 1, 2, 3}, new float[] {-1, 1});
        Clicks seen = of(null, mixed, PADDED).clicks();
        assertThat(seen.coordinates()).containsExactly(3, 5, 7);
        assertThat(seen.labels()).containsExactly(1);
    }
}
