package org.segvol.pseudo;

import java.util.Arrays;

/** Sets of the numbers 0, 1, ... that only ever unite. A set is named by its smallest member. */
final class DisjointSets {
    private final int[] parent;
    private final int[] size;

    DisjointSets(int count) {
        parent = new int[count];
        Arrays.setAll(parent, i -> i);
        size = new int[count];
        Arrays.fill(size, 1);
    }

    /** The smallest member of the set that {@code i} is in. */
    int root(int i) {
        int at = i;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    /** Members of the set whose root this is. */
    int size(int root) {
        return size[root];
    }

    /** Makes one set of two, given by different roots. */
    void unite(int a, int b) {
        int low = Math.min(a, b), high = Math.max(a, b);
        parent[high] = low;
        size[low] += size[high];
    }

    /** For every number the position of its set when sets are counted from 0 by their smallest members. */
    int[] numbered() {
        int[] numbers = new int[parent.length];
        int next = 0;
        for (int i = 0; i < numbers.length; i++) {
            int root = root(i);
            numbers[i] = root == i ? next++ : numbers[root];
        }
        return numbers;
    }
}
