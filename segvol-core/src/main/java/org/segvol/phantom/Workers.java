package org.segvol.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Independent pieces of work on some threads, each thread with its own scratch memory. */
final class Workers {
    private Workers() {}

    /**
     * Does pieces 0 to {@code pieces - 1}, in any order.
     *
     * @param threads how many threads, 0 for all cores
     * @param worker makes what does a piece; called once for each thread
     */
    static void run(int pieces, int threads, Supplier<IntConsumer> worker) {
        int wanted = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        int used = Math.min(wanted, pieces);
        AtomicInteger next = new AtomicInteger();
        Callable<Void> loop = () -> {
            IntConsumer work = worker.get();
            for (int n = next.getAndIncrement(); n < pieces; n = next.getAndIncrement()) {
                work.accept(n);
            }
            return null;
        };
        ExecutorService pool = Executors.newFixedThreadPool(used, task -> {
            Thread thread = new Thread(task, "phantom");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Callable<Void>> loops = new ArrayList<>();
            for (int n = 0; n < used; n++) {
                loops.add(loop);
            }
            for (Future<Void> done : pool.invokeAll(loops)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a phantom could not be painted: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("a phantom was not finished: interrupted");
            cancelled.initCause(e);
            throw cancelled;
        } finally {
            pool.shutdownNow();
        }
    }
}
