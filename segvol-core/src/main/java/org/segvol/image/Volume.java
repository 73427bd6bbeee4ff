package org.segvol.image;

import java.util.Objects;

/**
 * A scalar image as it is stored: voxels in stored order (i fastest), their grid and its place in the scanner's space.
 *
 * @param size voxels along (i, j, k)
 * @param voxels the values, {@code size.count()} of them
 * @param affine voxel indices to mm in RAS+
 * @param forms what the file said about its coordinate systems, kept for results that are written in the same grid
 */
public record Volume(GridSize size, Voxels voxels, Affine affine, Forms forms) {
    /** Checks that there are as many voxels as the grid has. */
    public Volume {
        Objects.requireNonNull(affine, "affine");
        Objects.requireNonNull(forms, "forms");
        if (voxels.count() != size.count()) {
            throw new IllegalArgumentException(
                    "a grid of " + size + " needs " + size.count() + " voxels, found " + voxels.count());
        }
    }

    /**
     * The value at (i, j, k), scaled.
     *
     * @throws IndexOutOfBoundsException when the voxel lies outside the grid
     */
    public float at(int i, int j, int k) {
        return voxels.get(size.checkedIndex(i, j, k));
    }
}
