package org.segvol.infer;

import org.segvol.prompt.Clicks;
import org.segvol.prompt.NetworkBox;

/**
 * What to segment, in network terms. At least one member is not null.
 *
 * @param text the text embedding of {@code hidden} values, or null
 * @param viewBox the box in zoom-out coordinates, or null
 * @param viewClicks the clicks in zoom-out coordinates, or null
 * @param volumeBox the same box in coordinates of the cropped volume, or null
 * @param volumeClicks the same clicks in coordinates of the cropped volume, or null
 */
public record NetworkPrompt(
        float[] text, NetworkBox viewBox, Clicks viewClicks, NetworkBox volumeBox, Clicks volumeClicks) {
    /** Checks that there is a prompt. */
    public NetworkPrompt {
        if (text == null && viewBox == null && viewClicks == null) {
            throw new IllegalArgumentException("at least one prompt is needed: text, a box or clicks");
        }
    }
}
