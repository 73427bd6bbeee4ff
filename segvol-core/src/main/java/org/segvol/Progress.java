package org.segvol;

/**
 * Told how far a segmentation has come, on the caller's thread, between encoder passes at the latest. Also asked whether to go on: when not,
 * the call ends with {@link java.util.concurrent.CancellationException} and the session can be used again.
 */
public interface Progress {
    /** Neither listens nor cancels. */
    Progress NONE = (step, done, total) -> {};

    /**
     * A step was finished.
     *
     * @param step what is going on, for people
     * @param done window passes finished in this call
     * @param total window passes of this call as far as known
     */
    void update(String step, int done, int total);

    /** Whether the caller wants to stop. */
    default boolean isCancelled() {
        return false;
    }
}
