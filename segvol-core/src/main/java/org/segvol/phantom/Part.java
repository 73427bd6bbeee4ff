package org.segvol.phantom;

/**
 * One thing that is painted over what lies below it.
 *
 * @param box holds the shape
 * @param shape where
 * @param tissue what
 * @param label the label that its voxels get, or {@link #KEEP}
 * @param over on which labels it is painted, one bit for each value
 */
record Part(Box box, Shape shape, Tissue tissue, int label, int over) {
    /** Leaves labels as they are. */
    static final int KEEP = -1;
    /** Painted on everything. */
    static final int ANYTHING = -1;

    /** Painted on everything, with no label. */
    static Part plain(Box box, Shape shape, Tissue tissue) {
        return new Part(box, shape, tissue, 0, ANYTHING);
    }

    /** Painted on everything, with a label. */
    static Part labelled(Structure structure, Box box, Shape shape, Tissue tissue) {
        return new Part(box, shape, tissue, structure.label(), ANYTHING);
    }

    /** Painted with no label everywhere but on a structure. */
    static Part behind(Structure structure, Box box, Shape shape, Tissue tissue) {
        return new Part(box, shape, tissue, 0, ~(1 << structure.label()));
    }

    /** Painted inside a structure only and belonging to it. */
    static Part inside(Structure structure, Box box, Shape shape, Tissue tissue) {
        return new Part(box, shape, tissue, KEEP, 1 << structure.label());
    }
}
