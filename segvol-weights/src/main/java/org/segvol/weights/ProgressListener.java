package org.segvol.weights;

/** Hears how far a long operation has come, on the thread that does the work. */
@FunctionalInterface
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = (done, total) -> {};

    /**
     * Called after each part.
     *
     * @param done units finished so far, bytes for file operations
     * @param total all units
     * @throws java.util.concurrent.CancellationException to stop the operation; what it was writing is removed
     */
    void progress(long done, long total);
}
