package org.segvol.infer;

/**
 * Where zoom-in departs from the published program (spec 8), each change a switch of its own.
 *
 * @param exactPrompts the user's box and clicks are given to every window that they reach, exactly where they are, instead of the box of
 *     the coarse predictions and clicks redrawn from blocks (spec 8.3-8.5); needs no random numbers
 * @param skipEmptyWindows windows without coarse predictions and without the user's box or clicks keep the coarse result (8.6)
 * @param inwardRegion at the volume's border the region grows inward until it fills a window (8.7)
 * @param gaussianBlending windows count most in their middle (8.11)
 * @param trilinearEnlargement coarse logits are enlarged trilinearly (8.10)
 * @param sharedLattice windows lie on a lattice of the volume, so that structures share their embeddings
 */
public record Refinements(
        boolean exactPrompts,
        boolean skipEmptyWindows,
        boolean inwardRegion,
        boolean gaussianBlending,
        boolean trilinearEnlargement,
        boolean sharedLattice) {
    /** The published program. */
    public static final Refinements NONE = new Refinements(false, false, false, false, false, false);

    /** All changes. */
    public static final Refinements ALL = new Refinements(true, true, true, true, true, true);
}
