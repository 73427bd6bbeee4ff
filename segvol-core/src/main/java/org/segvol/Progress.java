package org.segvol;

/**
 * Told how far a segmentation has come, on the caller's thread, before every window pass and once after the last. Also asked whether to go on: when not,
 * the call ends with {@link java.util.concurrent.CancellationException} and the session can be used again.
 */
public interface Progress {
    /** Neither listens nor cancels. */
    Progress NONE = (step, done, total) -> {};

    /**
     * A step begins, or the call has come to its end: then {@code done} is {@code total}, as it never is before.
     *
     * @param step what is going on, for people
     * @param done window passes finished in this call
     * @param total window passes of this call as far as known: it grows when the whole volume has shown where windows are needed, and with every group
     *     of structures that is run at once
     */
    void update(String step, int done, int total);

    /** Whether the caller wants to stop. */
    default boolean isCancelled() {
        return false;
    }
}
