package org.segvol.infer;

/** The zoom-out view's logits, looked at in the size of the whole volume. */
interface CoarseField extends LogitField {
    /** The logit of a voxel of the volume. */
    float at(int d, int h, int w);

    /** First and last positive voxel per axis: {@code {lo, hi}}, or null when no voxel of the volume is positive. */
    int[][] bounds();

    /** The predictions inside a view on the volume: 1 where positive, else 0. */
    default byte[] positives(VolumeView part) {
        return part.fill((d, h, w) -> Decision.PUBLISHED.positive(at(d, h, w)));
    }
}
