package org.segvol.image;

/**
 * Voxels of a stored volume along its three axes (i, j, k); i is the axis that runs fastest in a NIfTI file.
 *
 * @param ni voxels along the first stored axis
 * @param nj voxels along the second
 * @param nk voxels along the third
 */
public record GridSize(int ni, int nj, int nk) {
    /** Checks that every side is positive and that the voxels can be indexed by an {@code int}. */
    public GridSize {
        if (ni < 1 || nj < 1 || nk < 1) {
            throw new IllegalArgumentException("every side must be at least 1, found " + ni + "x" + nj + "x" + nk);
        }
        if ((long) ni * nj > Integer.MAX_VALUE || (long) ni * nj * nk > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "at most " + (Integer.MAX_VALUE - 8) + " voxels are supported, found " + ni + "x" + nj + "x" + nk);
        }
    }

    /** All voxels. */
    public int count() {
        return ni * nj * nk;
    }

    /** Position of voxel (i, j, k), which lies in the grid, in stored order; unchecked, for inner loops. */
    public int index(int i, int j, int k) {
        return (k * nj + j) * ni + i;
    }

    /**
     * Position of voxel (i, j, k) in stored order, which a voxel outside the grid does not have.
     *
     * @throws IndexOutOfBoundsException when the voxel lies outside the grid
     */
    public int checkedIndex(int i, int j, int k) {
        if (i < 0 || i >= ni || j < 0 || j >= nj || k < 0 || k >= nk) {
            throw new IndexOutOfBoundsException("the voxel " + i + "," + j + "," + k + " lies outside the grid of "
                    + this + "; indices are counted from 0");
        }
        return index(i, j, k);
    }

    /** The voxel at a position in stored order. */
    public VoxelPoint point(int index) {
        return new VoxelPoint(index % ni, index / ni % nj, index / ni / nj);
    }

    /** Voxels along axis 0, 1 or 2. */
    public int side(int axis) {
        return switch (axis) {
            case 0 -> ni;
            case 1 -> nj;
            case 2 -> nk;
            default -> throw new IllegalArgumentException("axis must be 0, 1 or 2, found " + axis);
        };
    }

    /** Whether the voxel lies in the grid. */
    public boolean contains(VoxelPoint p) {
        return p.i() >= 0 && p.i() < ni && p.j() >= 0 && p.j() < nj && p.k() >= 0 && p.k() < nk;
    }

    @Override
    public String toString() {
        return ni + "x" + nj + "x" + nk;
    }
}
