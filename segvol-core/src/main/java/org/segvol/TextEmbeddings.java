package org.segvol;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Embeddings of texts, the most recently used ones kept. Safe for use from several threads.
 *
 * @param <K> what tells texts apart
 */
final class TextEmbeddings<K> {
    private final int limit;
    private final Map<K, float[]> kept = new LinkedHashMap<>(16, 0.75f, true);

    TextEmbeddings(int limit) {
        this.limit = limit;
    }

    /** The embedding of a text, or null when it is not kept. */
    synchronized float[] get(K text) {
        return kept.get(text);
    }

    /** Keeps an embedding, and drops the one that was not used for the longest time when there are too many. */
    synchronized void put(K text, float[] embedding) {
        kept.put(text, embedding);
        if (kept.size() > limit) {
            kept.remove(kept.keySet().iterator().next());
        }
    }
}
