package org.segvol.layers.samediff;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The one thread from which an engine calls ND4J: SameDiff keeps a cache of arrays for every thread that ever called it, and its
 * operations use all cores anyway.
 */
final class NativeThread implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread worker = new Thread(task, "segvol-samediff");
        worker.setDaemon(true);
        return worker;
    });
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param threads native threads, or 0 for the backend's choice
     */
    NativeThread(int threads) {
        if (threads > 0) {
            run(() -> {
                Nd4j.getEnvironment().setMaxThreads(threads);
                Nd4j.getEnvironment().setMaxMasterThreads(threads);
                return null;
            });
        }
    }

    boolean closed() {
        return closed;
    }

    /** Runs a task on the thread and waits for it; an interrupt does not stop native work that has begun. */
    <T> T run(Supplier<T> task) {
        if (closed) {
            throw new IllegalStateException("the engine was closed");
        }
        Future<T> result;
        try {
            result = thread.submit(task::get);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the engine was closed", e);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw asUnchecked(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException asUnchecked(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof IllegalArgumentException || cause instanceof IllegalStateException) {
            return (RuntimeException) cause;
        }
        return new IllegalStateException("ND4J failed: " + cause.getMessage(), cause);
    }

    /** Ends the thread after what it is doing. */
    @Override
    public void close() {
        closed = true;
        thread.shutdown();
    }
}
