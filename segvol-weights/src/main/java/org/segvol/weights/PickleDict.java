package org.segvol.weights;

import java.util.LinkedHashMap;
import java.util.Map;

/** A pickled dictionary. Only entries with text keys are kept: no other key leads to a weight. */
final class PickleDict {
    private final Map<String, Object> entries = new LinkedHashMap<>(0);

    void put(Object key, Object value) {
        if (key instanceof String text) {
            entries.put(text, value);
        }
    }

    /** The entries in insertion order. Values may refer back to this dictionary. */
    Map<String, Object> entries() {
        return entries;
    }
}
