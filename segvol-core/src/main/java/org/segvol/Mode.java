package org.segvol;

/** How much of the volume is looked at, and how closely. */
public enum Mode {
    /** Zoom-out, then zoom-in: the published method. */
    ZOOM("zoom"),
    /**
     * Zoom-out, then zoom-in with the published program's weak points repaired, each by a switch of
     * {@link org.segvol.infer.Refinements}; results differ from the published ones.
     */
    REFINED("refined"),
    /** The whole volume resized to one window, and nothing else: the paper's baseline. */
    RESIZE("resize"),
    /** Windows at full resolution over the whole volume without a first look: the paper's other baseline. Slow. */
    SLIDING_WINDOW("sliding-window");

    private final String word;

    Mode(String word) {
        this.word = word;
    }

    /** Whether what the zoom-out view shows decides where to look closely. */
    boolean zoomsIn() {
        return this == ZOOM || this == REFINED;
    }

    /** The name on the command line. */
    public String word() {
        return word;
    }

    /**
     * The mode of a name.
     *
     * @throws IllegalArgumentException listing the names when there is none
     */
    public static Mode of(String word) {
        for (Mode mode : values()) {
            if (mode.word.equals(word)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                "there is no mode " + word + "; choose zoom, refined, resize or sliding-window");
    }
}
