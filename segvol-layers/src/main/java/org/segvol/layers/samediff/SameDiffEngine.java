package org.segvol.layers.samediff;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.nd4j.linalg.factory.Nd4j;
import org.segvol.layers.Engine;
import org.segvol.layers.Network;
import org.segvol.layers.NetworkDefinition;
import org.segvol.weights.TensorSource;

/**
 * The reference engine. Runs SameDiff graphs on the ND4J backend of the class path, one call at a time on one thread of its own: SameDiff
 * keeps a cache of arrays for every thread that ever called it, and its operations use all cores anyway.
 */
public final class SameDiffEngine implements Engine {
    private final ExecutorService thread;
    private final SharedArrays arrays;
    private volatile boolean closed;

    /**
     * An engine for one set of weights, which must stay open as long as the engine.
     *
     * @param weights float tensors by their canonical names
     * @param threads native threads, or 0 for the backend's choice
     */
    public SameDiffEngine(TensorSource weights, int threads) {
        this.arrays = new SharedArrays(weights);
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread worker = new Thread(task, "segvol-samediff");
            worker.setDaemon(true);
            return worker;
        });
        if (threads > 0) {
            onThread(() -> {
                Nd4j.getEnvironment().setMaxThreads(threads);
                Nd4j.getEnvironment().setMaxMasterThreads(threads);
                return null;
            });
        }
    }

    @Override
    public String name() {
        return "samediff";
    }

    @Override
    public String description() {
        return onThread(() -> "SameDiff on " + Nd4j.getBackend().getClass().getSimpleName() + ", float32");
    }

    @Override
    public Network compile(NetworkDefinition definition) {
        return onThread(() -> new SameDiffNetwork(this, definition, arrays));
    }

    /** Runs a task on the engine's thread and waits for it; an interrupt does not stop native work that has begun. */
    <T> T onThread(Supplier<T> task) {
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

    @Override
    public void close() {
        if (closed) {
            return;
        }
        onThread(() -> {
            arrays.close();
            return null;
        });
        closed = true;
        thread.shutdown();
    }
}
