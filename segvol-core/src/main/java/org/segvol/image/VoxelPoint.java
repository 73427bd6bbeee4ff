package org.segvol.image;

/**
 * A voxel by its stored indices, counted from zero.
 *
 * @param i index along the first stored axis
 * @param j index along the second
 * @param k index along the third
 */
public record VoxelPoint(int i, int j, int k) {
    /** The index along axis 0, 1 or 2. */
    public int get(int axis) {
        return switch (axis) {
            case 0 -> i;
            case 1 -> j;
            case 2 -> k;
            default -> throw new IllegalArgumentException("axis must be 0, 1 or 2, found " + axis);
        };
    }

    @Override
    public String toString() {
        return i + "," + j + "," + k;
    }
}
