package org.segvol.layers.samediff;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.nd4j.linalg.factory.Nd4j;
import org.segvol.layers.Uninterrupted;

/**
 * The one thread from which an engine calls ND4J: SameDiff keeps a cache of arrays for every thread that ever called it, and its
 * operations use all cores anyway. Tasks are done one after the other in the order in which they come, so what only they touch needs no
 * lock.
 */
final class NativeThread {
    private final ExecutorService thread;
    private boolean ended; // touched by the thread alone

    /**
     * Starts the thread.
     *
     * @param threads native threads, or 0 for the backend's choice
     */
    NativeThread(int threads) {
        this(Executors.newSingleThreadExecutor(task -> {
            Thread worker = new Thread(task, "segvol-samediff");
            worker.setDaemon(true);
            return worker;
        }));
        if (threads > 0) {
            run(() -> {
                Nd4j.getEnvironment().setMaxThreads(threads);
                Nd4j.getEnvironment().setMaxMasterThreads(threads);
                return null;
            });
        }
    }

    /** Takes over an executor with one thread. */
    NativeThread(ExecutorService thread) {
        this.thread = thread;
    }

    /** Runs a task on the thread and waits for it; an interrupt does not stop native work that has begun. */
    <T> T run(Supplier<T> task) {
        Future<T> result;
        try {
            result = thread.submit(() -> {
                if (ended) {
                    throw new IllegalStateException("the engine was closed");
                }
                return task.get();
            });
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the engine was closed", e);
        }
        return await(result);
    }

    private static <T> T await(Future<T> result) {
        try {
            return Uninterrupted.await(result);
        } catch (ExecutionException e) {
            throw asUnchecked(e.getCause());
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

    /** Has something done after all tasks so far, without waiting for it; not when the thread has ended. */
    void later(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            return; // there is nothing left that the task could be for
        }
    }

    /** Ends the thread after what it is doing, with a last task, and waits for it. The second time there is nothing left to do. */
    void close(Runnable last) {
        Future<?> done;
        try {
            done = thread.submit(() -> {
                if (!ended) {
                    ended = true;
                    last.run();
                }
            });
        } catch (RejectedExecutionException e) {
            return;
        }
        thread.shutdown();
        await(done);
    }
}
