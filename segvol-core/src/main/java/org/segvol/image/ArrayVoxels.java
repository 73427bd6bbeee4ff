package org.segvol.image;

/** What all voxels over an array share. */
abstract class ArrayVoxels implements Voxels {
    private final VoxelType type;
    /** Factor of the scale; read directly by the loops below this class. */
    final double slope;
    /** Offset of the scale. */
    final double intercept;

    ArrayVoxels(VoxelType type, double slope, double intercept) {
        if (!Double.isFinite(slope) || slope == 0 || !Double.isFinite(intercept)) {
            throw new IllegalArgumentException(
                    "a scale needs a finite slope other than 0 and a finite intercept, found " + slope + " and "
                            + intercept);
        }
        this.type = type;
        this.slope = slope;
        this.intercept = intercept;
    }

    /** The type found, checked to be one of the two that a class of integers serves. */
    static VoxelType either(VoxelType found, VoxelType unsigned, VoxelType signed) {
        if (found != unsigned && found != signed) {
            throw new IllegalArgumentException(
                    "this array can hold " + unsigned.label() + " or " + signed.label() + ", found " + found.label());
        }
        return found;
    }

    @Override
    public final VoxelType type() {
        return type;
    }

    @Override
    public final double slope() {
        return slope;
    }

    @Override
    public final double intercept() {
        return intercept;
    }

    /** Whether there is a scale to apply. */
    final boolean scaled() {
        return slope != 1 || intercept != 0;
    }
}
