package org.segvol.infer;

import org.segvol.prompt.LabelPrompts;
import org.segvol.prompt.NetworkBox;

/**
 * Spatial prompts that honour what the user gave: box and clicks of the volume where they lie in the window, else the box of the coarse
 * predictions there, when the user asked by position at all. Text alone stays text alone.
 */
final class RefinedWindowPrompts implements WindowPrompts {
    private final NetworkPrompt prompt;
    private final CoarseField coarse;
    private final boolean skipEmpty;

    RefinedWindowPrompts(NetworkPrompt prompt, CoarseField coarse, boolean skipEmpty) {
        this.prompt = prompt;
        this.coarse = coarse;
        this.skipEmpty = skipEmpty;
    }

    @Override
    public WindowPrompt of(int[] origin, VolumeView view) {
        WindowPrompt own = ExactWindowPrompts.of(prompt, view);
        boolean spatial = prompt.volumeBox() != null || prompt.volumeClicks() != null;
        NetworkBox predicted = LabelPrompts.box(coarse.positives(view), view.size());
        boolean empty = predicted.equals(NetworkBox.EMPTY);
        if (own.box() == null && own.clicks() == null) {
            if (empty && (skipEmpty || (spatial && prompt.text() == null))) {
                return null;
            }
            return spatial && !empty ? new WindowPrompt(predicted, null) : own;
        }
        if (own.box() == null && !empty) {
            return new WindowPrompt(predicted, own.clicks());
        }
        return own;
    }
}
