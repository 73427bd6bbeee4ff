package org.segvol.preprocess;

import java.util.Arrays;
import org.segvol.image.GridSize;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;
import org.segvol.weights.Extent;

/**
 * How a stored volume lies in network space: axes permuted and flipped ({@code ras} only), first and last axis swapped, padded, cropped
 * (spec 3.3), and the way back (spec 3.5). Network axes are (d,h,w); stored axes are (i,j,k). Immutable.
 */
public final class NetworkGeometry {
    private final GridSize source;
    private final int[] perm;
    private final boolean[] flip;
    private final int[] padBefore;
    private final Extent padded;
    private final int[] cropStart;
    private final int[] cropEnd;
    private final int[] strides = new int[3];
    private final int offset;

    /**
     * A geometry.
     *
     * @param source the stored volume's size
     * @param perm stored axis that becomes the first, second and third axis of the reoriented volume
     * @param flip whether each axis of the reoriented volume is reversed
     * @param padBefore zero planes before the volume per network axis
     * @param padded the size after padding
     * @param cropStart first kept plane per network axis, counted after padding
     * @param cropEnd plane after the last kept one
     */
    NetworkGeometry(
            GridSize source,
            int[] perm,
            boolean[] flip,
            int[] padBefore,
            Extent padded,
            int[] cropStart,
            int[] cropEnd) {
        this.source = source;
        this.perm = perm.clone();
        this.flip = flip.clone();
        this.padBefore = padBefore.clone();
        this.padded = padded;
        this.cropStart = cropStart.clone();
        this.cropEnd = cropEnd.clone();
        int[] stored = {1, source.ni(), source.ni() * source.nj()};
        int start = 0;
        for (int axis = 0; axis < 3; axis++) {
            int from = perm[2 - axis];
            int first = cropStart[axis] - padBefore[axis];
            strides[axis] = flip[2 - axis] ? -stored[from] : stored[from];
            start += (flip[2 - axis] ? source.side(from) - 1 - first : first) * stored[from];
        }
        this.offset = start;
    }

    /** The stored volume's size. */
    public GridSize source() {
        return source;
    }

    /** Stored axis that becomes each axis of the reoriented volume; a copy. */
    public int[] perm() {
        return perm.clone();
    }

    /** Whether each axis of the reoriented volume is reversed; a copy. */
    public boolean[] flip() {
        return flip.clone();
    }

    /** Zero planes before the volume per network axis; a copy. */
    public int[] padBefore() {
        return padBefore.clone();
    }

    /** The size after padding. */
    public Extent padded() {
        return padded;
    }

    /** First kept plane per network axis, counted after padding; a copy. */
    public int[] cropStart() {
        return cropStart.clone();
    }

    /** Plane after the last kept one per network axis, counted after padding; a copy. */
    public int[] cropEnd() {
        return cropEnd.clone();
    }

    /** The size of the cropped volume, which is the network volume's. */
    public Extent extent() {
        return new Extent(cropEnd[0] - cropStart[0], cropEnd[1] - cropStart[1], cropEnd[2] - cropStart[2]);
    }

    /** Position in stored order of a voxel of the network volume. */
    public int storedIndex(int d, int h, int w) {
        return offset + d * strides[0] + h * strides[1] + w * strides[2];
    }

    /** How far neighbours along the width axis lie apart in stored order; negative when the axis is reversed. */
    public int strideW() {
        return strides[2];
    }

    /** Whether a stored voxel lies inside the crop. */
    public boolean keeps(VoxelPoint p) {
        int[] at = toNetwork(p);
        for (int axis = 0; axis < 3; axis++) {
            if (at[axis] < 0 || at[axis] >= cropEnd[axis] - cropStart[axis]) {
                return false;
            }
        }
        return true;
    }

    /** The stored voxels that lie inside the crop. */
    public VoxelBox keptBox() {
        Extent kept = extent();
        return VoxelBox.spanning(toStored(0, 0, 0), toStored(kept.d() - 1, kept.h() - 1, kept.w() - 1));
    }

    /** Network coordinates (d,h,w) of a stored voxel. They may lie outside the crop, see {@link #keeps}. */
    public int[] toNetwork(VoxelPoint p) {
        int[] out = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int from = perm[2 - axis];
            int at = flip[2 - axis] ? source.side(from) - 1 - p.get(from) : p.get(from);
            out[axis] = at + padBefore[axis] - cropStart[axis];
        }
        return out;
    }

    /** The stored voxel of network coordinates. */
    public VoxelPoint toStored(int d, int h, int w) {
        int[] in = {d, h, w}, out = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int from = perm[2 - axis];
            int at = in[axis] + cropStart[axis] - padBefore[axis];
            out[from] = flip[2 - axis] ? source.side(from) - 1 - at : at;
        }
        return new VoxelPoint(out[0], out[1], out[2]);
    }

    @Override
    public String toString() {
        return source + " perm " + Arrays.toString(perm) + " flip " + Arrays.toString(flip) + " crop "
                + Arrays.toString(cropStart) + " to " + Arrays.toString(cropEnd) + " of " + padded;
    }
}
