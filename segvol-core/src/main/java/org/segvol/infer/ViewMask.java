package org.segvol.infer;

import java.util.BitSet;
import java.util.function.IntPredicate;
import org.segvol.weights.Extent;

/** A mask at window resolution, as the zoom-out view has it: one bit for each cell, (d,h,w). Immutable. */
public final class ViewMask {
    private final Extent window;
    private final BitSet cells;

    private ViewMask(Extent window, BitSet cells) {
        this.window = window;
        this.cells = cells;
    }

    /**
     * The cells for which something holds.
     *
     * @param window the view's size
     * @param inside asked for every position in C order
     */
    public static ViewMask of(Extent window, IntPredicate inside) {
        BitSet cells = new BitSet(window.count());
        for (int at = 0; at < window.count(); at++) {
            if (inside.test(at)) {
                cells.set(at);
            }
        }
        return new ViewMask(window, cells);
    }

    /** The view's size. */
    public Extent window() {
        return window;
    }

    /** Whether the cell at a position in C order belongs to it. */
    public boolean get(int at) {
        return cells.get(at);
    }

    /** How many cells belong to it. */
    public long count() {
        return cells.cardinality();
    }

    /**
     * 2 common / (own + other's), 1 for two empty masks.
     *
     * @throws IllegalArgumentException when the sizes differ
     */
    public double dice(ViewMask other) {
        if (!window.equals(other.window)) {
            throw new IllegalArgumentException("views of " + window + " and " + other.window + " cannot be compared");
        }
        BitSet common = (BitSet) cells.clone();
        common.and(other.cells);
        long both = count() + other.count();
        return both == 0 ? 1 : 2.0 * common.cardinality() / both;
    }
}
