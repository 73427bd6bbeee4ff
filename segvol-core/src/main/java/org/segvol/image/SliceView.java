package org.segvol.image;

/**
 * One of the three slices as a radiologist looks at it: from the feet (axial), from the front (coronal), from the patient's left
 * (sagittal). The patient's right or front is on the left of the picture, the front or the head at its top. It follows the stored axes
 * nearest to those directions and is true in millimetres.
 */
final class SliceView {
    private static final String POSITIVE = "RAS";
    private static final String NEGATIVE = "LPI";

    private final SlicePlane plane;
    private final GridSize size;
    private final int[] stored = new int[3]; // by direction
    private final boolean[] flipped = new boolean[3]; // by direction
    private final double[] spacing = new double[3]; // by direction
    private final boolean known;
    private final int slice;

    SliceView(SlicePlane plane, GridSize size, Affine affine, VoxelPoint centre) {
        this.plane = plane;
        this.size = size;
        Orientation orientation = Orientation.of(affine);
        known = orientation.complete();
        double[] sizes = affine.spacing();
        for (int direction = 0; direction < 3; direction++) {
            stored[direction] = known ? orientation.storedAxis(direction) : direction;
            flipped[direction] = known && orientation.flipped(direction);
            spacing[direction] = sizes[stored[direction]] > 0 ? sizes[stored[direction]] : 1;
        }
        slice = centre.get(stored[plane.through]);
    }

    SlicePlane plane() {
        return plane;
    }

    /** The stored index of the slice. */
    int slice() {
        return slice;
    }

    /** Voxels from the top slice of the stack to the bottom one. */
    int slices() {
        return size.side(stored[plane.through]);
    }

    int columns() {
        return size.side(stored[plane.across]);
    }

    int rows() {
        return size.side(stored[plane.down]);
    }

    double widthMillimetres() {
        return columns() * spacing[plane.across];
    }

    double heightMillimetres() {
        return rows() * spacing[plane.down];
    }

    /** Position in stored order of the voxel at a column and row of the picture. */
    int index(int column, int row) {
        int[] p = new int[3];
        p[stored[plane.across]] = mirrored(plane.across) ? columns() - 1 - column : column;
        p[stored[plane.down]] = mirrored(plane.down) ? rows() - 1 - row : row;
        p[stored[plane.through]] = slice;
        return size.index(p[0], p[1], p[2]);
    }

    /** The picture runs to the left, back and feet, so an axis that grows the other way is mirrored. */
    private boolean mirrored(int direction) {
        return !flipped[direction];
    }

    /** The picture's column, fractional, of a stored voxel. */
    double column(VoxelPoint p) {
        int v = p.get(stored[plane.across]);
        return mirrored(plane.across) ? columns() - 1 - v : v;
    }

    /** The picture's row, fractional, of a stored voxel. */
    double row(VoxelPoint p) {
        int v = p.get(stored[plane.down]);
        return mirrored(plane.down) ? rows() - 1 - v : v;
    }

    /** The stored index of a voxel along the axis that runs through the slices. */
    int depth(VoxelPoint p) {
        return p.get(stored[plane.through]);
    }

    /** Letters at the left, right, top and bottom edge. */
    String letters() {
        if (!known) {
            return "????";
        }
        return "" + POSITIVE.charAt(plane.across) + NEGATIVE.charAt(plane.across) + POSITIVE.charAt(plane.down)
                + NEGATIVE.charAt(plane.down);
    }
}
