package org.segvol.pseudo;

import java.util.Arrays;

/** A growing list of numbers. */
final class IntList {
    private int[] values = new int[64];
    private int count;

    void add(int value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, Math.toIntExact(2L * count));
        }
        values[count++] = value;
    }

    int get(int at) {
        return values[at];
    }

    int count() {
        return count;
    }

    void clear() {
        count = 0;
    }
}
