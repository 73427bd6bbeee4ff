package org.segvol.infer;

import org.segvol.prompt.Clicks;
import org.segvol.prompt.NetworkBox;

/**
 * The spatial prompts of one window, in voxels of the window.
 *
 * @param box a box, {@link NetworkBox#EMPTY} for the box of an empty mask, or null
 * @param clicks clicks, or null
 */
public record WindowPrompt(NetworkBox box, Clicks clicks) {}
