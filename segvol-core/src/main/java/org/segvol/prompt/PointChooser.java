package org.segvol.prompt;

/** Draws random indices. */
public interface PointChooser {
    /** An index from 0 to {@code n - 1}, each equally likely. */
    int one(int n);

    /** The first {@code min(n, k)} entries of a random order of 0 to {@code n - 1}. */
    int[] some(int n, int k);
}
