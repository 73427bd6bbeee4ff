package org.segvol;

import org.segvol.image.Mask;

/**
 * A structure given by its label: box and clicks are derived from it the way the published demo does (spec 2.1, 2.2), after the label went
 * through the image's own preprocessing.
 *
 * @param label the structure's voxels, in the grid of the session's volume
 * @param text its name, or null
 * @param box whether to derive a box
 * @param clicks whether to derive clicks
 */
public record LabelPrompt(Mask label, String text, boolean box, boolean clicks) {
    /** Checks that there is a prompt. */
    public LabelPrompt {
        if (text == null && !box && !clicks) {
            throw new IllegalArgumentException("at least one prompt is needed: text, a box or clicks");
        }
    }
}
