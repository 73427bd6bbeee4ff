package org.segvol.evaluate;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.segvol.LabelPrompt;
import org.segvol.image.Mask;

/** What a structure is asked for by. */
public enum PromptKind {
    /** Its name. */
    TEXT("text", true, false, false),
    /** The box around its label. */
    BOX("box", false, true, false),
    /** Clicks drawn from its label. */
    POINT("point", false, false, true),
    /** Name and box. */
    TEXT_BOX("text+box", true, true, false),
    /** Name and clicks. */
    TEXT_POINT("text+point", true, false, true);

    private final String word;
    private final boolean text;
    private final boolean box;
    private final boolean clicks;

    PromptKind(String word, boolean text, boolean box, boolean clicks) {
        this.word = word;
        this.text = text;
        this.box = box;
        this.clicks = clicks;
    }

    /** The name on the command line. */
    public String word() {
        return word;
    }

    /** Whether the name is given. */
    public boolean text() {
        return text;
    }

    /** Whether a box is given. */
    public boolean box() {
        return box;
    }

    /** Whether clicks are given. */
    public boolean clicks() {
        return clicks;
    }

    /** The prompt for a structure; underscores of its name are read as spaces. */
    LabelPrompt prompt(Mask label, String name) {
        return new LabelPrompt(label, text ? name.replace('_', ' ') : null, box, clicks);
    }

    /**
     * The kind of a name.
     *
     * @throws IllegalArgumentException listing the names when there is none
     */
    public static PromptKind of(String word) {
        for (PromptKind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("there is no kind of prompt " + word + "; choose from "
                + Arrays.stream(values()).map(PromptKind::word).collect(Collectors.joining(", ")));
    }
}
