package org.segvol.train;

import org.segvol.prompt.Clicks;
import org.segvol.prompt.NetworkBox;

/**
 * One mask asked of the decoder in a training step.
 *
 * @param image which of the step's windows it is asked of
 * @param clicks or null
 * @param box or null
 * @param text index of its text among the step's texts, or -1
 * @param target what the mask should be, 0..1 (d,h,w) of the window
 * @param weight of its loss in the step's
 */
record Request(int image, Clicks clicks, NetworkBox box, int text, float[] target, double weight) {}
