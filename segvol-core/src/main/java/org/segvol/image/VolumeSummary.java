package org.segvol.image;

/**
 * What one wants to know about a volume before segmenting it.
 *
 * @param size voxels along (i, j, k)
 * @param affine voxel indices to mm in RAS+
 * @param orientation where the stored axes point
 * @param forms codes of the file's transforms
 * @param type stored type
 * @param slope factor of the scale, 1 when there is none
 * @param intercept offset of the scale, 0 when there is none
 * @param intensities scaled values
 */
public record VolumeSummary(
        GridSize size,
        Affine affine,
        Orientation orientation,
        Forms forms,
        VoxelType type,
        double slope,
        double intercept,
        Intensities intensities) {

    /** Summarises a volume; reads all of its voxels twice. */
    public static VolumeSummary of(Volume volume) {
        Voxels voxels = volume.voxels();
        return new VolumeSummary(
                volume.size(),
                volume.affine(),
                Orientation.of(volume.affine()),
                volume.forms(),
                voxels.type(),
                voxels.slope(),
                voxels.intercept(),
                Intensities.of(voxels));
    }

    /** Voxel size in mm along stored axis 0, 1 or 2. */
    public double spacing(int axis) {
        return affine.spacing()[axis];
    }

    /** Length of the volume in mm along stored axis 0, 1 or 2, from face to face. */
    public double extent(int axis) {
        return spacing(axis) * size.side(axis);
    }

    /** {@link #looksLikeCt()} of a volume, without the rest of its summary: much faster. */
    public static boolean looksLikeCt(Volume volume) {
        return Intensities.lookLikeHounsfieldUnits(volume.voxels());
    }

    /** See {@link Intensities#looksLikeHounsfieldUnits()}. */
    public boolean looksLikeCt() {
        return intensities.looksLikeHounsfieldUnits();
    }
}
