package org.segvol.layers;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Work that an interrupt must not reach. A native library that is unpacked by an interrupted thread fails, and Java does not try a class again
 * whose initialisation failed once.
 */
public final class Uninterrupted {
    private Uninterrupted() {}

    /**
     * Does work on a thread of its own and waits for it. When the caller is interrupted meanwhile, it still is afterwards.
     *
     * @throws RuntimeException what the work throws
     * @throws Error what the work throws
     */
    public static <T> T run(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread thread = new Thread(task, "segvol-load");
        thread.setDaemon(true);
        thread.start();
        try {
            return await(task);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        }
    }

    /** Waits for a result; an interrupt is kept for later. */
    public static <T> T await(Future<T> result) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
