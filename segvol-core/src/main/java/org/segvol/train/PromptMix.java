package org.segvol.train;

/** The prompt combinations of a training step (spec 5.3), in the published order. */
public enum PromptMix {
    /** Clicks and text. */
    POINT_TEXT(true, false, true),
    /** Box and text. */
    BOX_TEXT(false, true, true),
    /** Text alone. */
    TEXT(false, false, true),
    /** Box alone. */
    BOX(false, true, false),
    /** Clicks alone. */
    POINT(true, false, false),
    /** Box and clicks. */
    BOX_POINT(true, true, false);

    private final boolean clicks;
    private final boolean box;
    private final boolean text;

    PromptMix(boolean clicks, boolean box, boolean text) {
        this.clicks = clicks;
        this.box = box;
        this.text = text;
    }

    /** Whether clicks are given. */
    public boolean clicks() {
        return clicks;
    }

    /** Whether a box is given. */
    public boolean box() {
        return box;
    }

    /** Whether the name is given. */
    public boolean text() {
        return text;
    }
}
