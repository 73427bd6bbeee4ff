package org.segvol.onednn;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Lets work through from any number of threads until it is closed, and closes when the work in progress has ended. */
final class RunGate {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final String what;
    private boolean closed; // guarded by the lock

    /** A gate to something that is named in messages, such as {@code the engine}. */
    RunGate(String what) {
        this.what = what;
    }

    /**
     * Does some work.
     *
     * @throws IllegalStateException after {@link #close}
     */
    <T> T pass(Supplier<T> work) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException(what + " was closed");
            }
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Waits for work in progress, then frees what it used. The second time it does nothing. */
    void close(Runnable free) {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                free.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
