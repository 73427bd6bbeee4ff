package org.segvol.bench.peers;

import java.io.IOException;

/** What a worker process is timed at. Used by one thread. */
interface Workload extends AutoCloseable {
    /** The program and its version, in a few words. */
    String description();

    /** Does the work once. */
    void run();

    /** Does the work once and gives what is compared: image tokens (N,C), or a gradient. */
    float[] output();

    /**
     * How long each operation of {@link org.segvol.layers.NetworkParts#imageEncoder} takes, in its order.
     *
     * @param runs of which the shortest time counts
     * @return nanoseconds
     */
    default long[] layers(int runs) {
        throw new UnsupportedOperationException(description() + " does not tell the time of single layers");
    }

    @Override
    void close() throws IOException;
}
