package org.segvol.image;

/**
 * A box of stored voxels. Both corners are inclusive.
 *
 * @param min the corner with the smallest indices
 * @param max the corner with the largest indices, part of the box
 */
public record VoxelBox(VoxelPoint min, VoxelPoint max) {
    /** Checks that the corners are in order on every axis. */
    public VoxelBox {
        for (int axis = 0; axis < 3; axis++) {
            if (min.get(axis) > max.get(axis)) {
                throw new IllegalArgumentException("the box's first corner " + min
                        + " must not exceed its second corner " + max + " on any axis; on axis " + axis + " it does");
            }
        }
    }

    /** A box from its six inclusive limits. */
    public static VoxelBox of(int i0, int j0, int k0, int i1, int j1, int k1) {
        return new VoxelBox(new VoxelPoint(i0, j0, k0), new VoxelPoint(i1, j1, k1));
    }

    /** The smallest box that holds both points. */
    public static VoxelBox spanning(VoxelPoint a, VoxelPoint b) {
        return of(
                Math.min(a.i(), b.i()),
                Math.min(a.j(), b.j()),
                Math.min(a.k(), b.k()),
                Math.max(a.i(), b.i()),
                Math.max(a.j(), b.j()),
                Math.max(a.k(), b.k()));
    }

    @Override
    public String toString() {
        return min + "," + max;
    }
}
