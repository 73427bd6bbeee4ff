package org.segvol.infer;

/** Decides what a window is asked. */
@FunctionalInterface
interface WindowPrompts {
    /**
     * The spatial prompts of a window, or null to leave the window out.
     *
     * @param origin of the window in its layout's frame
     * @param view the window over the volume
     */
    WindowPrompt of(int[] origin, VolumeView view);
}
