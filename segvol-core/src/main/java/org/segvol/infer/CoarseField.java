package org.segvol.infer;

/** The zoom-out view's logits, looked at in the size of the whole volume. */
interface CoarseField extends LogitField {
    /** First and last positive voxel per axis: {@code {lo, hi}}, or null when no voxel of the volume is positive. */
    int[][] bounds();

    /** The predictions inside a view on the volume: 1 where positive, else 0. */
    byte[] positives(VolumeView part);
}
