package org.segvol.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Compiled networks by their form, the most recently used ones kept. A network that is dropped while another thread runs it is closed when
 * that run ends.
 *
 * @param <K> what tells forms apart
 */
final class NetworkCache<K> implements AutoCloseable {
    private final int limit;
    private final Map<K, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    NetworkCache(int limit) {
        this.limit = limit;
    }

    /** Runs the network of a form, compiling it first when it is not there. */
    Map<String, float[]> run(K form, Supplier<Network> compile, Map<String, float[]> inputs) {
        Entry entry = acquire(form);
        try {
            return entry.network(compile).run(inputs);
        } finally {
            release(entry);
        }
    }

    /** Compiles the network of a form when it is not there. */
    void prepare(K form, Supplier<Network> compile) {
        Entry entry = acquire(form);
        try {
            entry.network(compile);
        } finally {
            release(entry);
        }
    }

    private Entry acquire(K form) {
        List<Entry> dropped = new ArrayList<>();
        Entry entry;
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the model was closed");
            }
            entry = entries.computeIfAbsent(form, f -> new Entry());
            entry.users++;
            while (entries.size() > limit) {
                K eldest = entries.keySet().iterator().next();
                Entry old = entries.remove(eldest);
                old.dropped = true;
                if (old.users == 0) {
                    dropped.add(old);
                }
            }
        }
        dropped.forEach(Entry::close);
        return entry;
    }

    private void release(Entry entry) {
        boolean last;
        synchronized (this) {
            entry.users--;
            last = entry.dropped && entry.users == 0;
        }
        if (last) {
            entry.close();
        }
    }

    @Override
    public void close() {
        List<Entry> idle = new ArrayList<>();
        synchronized (this) {
            closed = true;
            for (Entry entry : entries.values()) {
                entry.dropped = true;
                if (entry.users == 0) {
                    idle.add(entry);
                }
            }
            entries.clear();
        }
        idle.forEach(Entry::close);
    }

    /**
     * A network that is compiled by its first user; {@code users} and {@code dropped} are guarded by the cache. It is closed when it has no
     * users, who all have passed the cache's lock since they used it.
     */
    private static final class Entry {
        private int users;
        private boolean dropped;
        private Network network;

        synchronized Network network(Supplier<Network> compile) {
            if (network == null) {
                network = compile.get();
            }
            return network;
        }

        void close() {
            if (network != null) {
                network.close();
            }
        }
    }
}
