package org.segvol.train;

import java.nio.file.Path;

/** Told how a run goes on, on the caller's thread, and asked after every step whether to go on. */
public interface FineTuneListener {
    /** Neither listens nor stops. */
    FineTuneListener NONE = new FineTuneListener() {
        @Override
        public void step(FineTuneStep step) {}
    };

    /** A step was made. */
    void step(FineTuneStep step);

    /** An epoch ended. */
    default void epoch(FineTuneEpoch epoch) {}

    /** Weights or a state were written. */
    default void saved(Path file) {}

    /** Something that a careful user should know, such as a case without a structure, in one sentence. */
    default void note(String sentence) {}

    /** Whether the caller wants to stop; the state is saved then, and the run can be resumed. */
    default boolean stopped() {
        return false;
    }
}
