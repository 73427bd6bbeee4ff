package org.segvol.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.segvol.Engines;
import org.segvol.Options;
import org.segvol.Prompt;
import org.segvol.SegVol;

/**
 * Makes a model ready on threads of its own while the command reads the volume. What goes wrong here goes wrong again, and is told, where
 * the command comes to it.
 */
final class Preparation implements AutoCloseable {
    private final SegVol model;
    private final Options options;
    private final List<Future<?>> parts = new ArrayList<>();
    private final ExecutorService networks = thread("networks ahead");
    private final ExecutorService hashes = thread("weights' hash");

    /** Loads an engine's native libraries while the command opens the weights. */
    static void engine(String name) {
        ExecutorService one = thread("engine ahead");
        one.execute(() -> Engines.load(name));
        one.shutdown();
    }

    /** Starts with what every prompt needs. */
    Preparation(SegVol model, Options options) {
        this.model = model;
        this.options = options;
        of(List.of());
    }

    /** Goes on with what some prompts need. */
    void of(List<Prompt> prompts) {
        parts.add(networks.submit(() -> model.prepare(options, prompts)));
    }

    /** Computes what identifies the weights, which takes as long as reading them. */
    void hash() {
        parts.add(hashes.submit(() -> model.checkpoint().sha256()));
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(work -> {
            Thread own = new Thread(work, name);
            own.setDaemon(true);
            return own;
        });
    }

    /** Starts nothing more; what is in progress ends by itself. */
    @Override
    public void close() {
        parts.forEach(part -> part.cancel(false));
        networks.shutdown();
        hashes.shutdown();
    }
}
