package org.segvol.io;

import org.segvol.image.Affine;
import org.segvol.image.GridSize;

/** The affine of a file that states none (spec 3.1). */
final class FallbackAffine {
    private FallbackAffine() {}

    /** What a file without any transform means: voxel sizes, the first axis pointing left, the middle of the volume at zero. */
    static Affine of(GridSize size, double[] spacing) {
        double[] signed = {-spacing[0], spacing[1], spacing[2]};
        double[] rows = new double[12];
        for (int axis = 0; axis < 3; axis++) {
            rows[axis * 4 + axis] = signed[axis];
            rows[axis * 4 + 3] = -signed[axis] * (size.side(axis) - 1) / 2.0;
        }
        return Affine.ofRows(rows);
    }
}
