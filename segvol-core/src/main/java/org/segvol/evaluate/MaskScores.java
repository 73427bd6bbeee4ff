package org.segvol.evaluate;

import org.segvol.image.Affine;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.VoxelBox;

/**
 * How well a mask agrees with a label.
 *
 * <p>Two empty masks agree: dice and surface dice 1, distance 0. When one of them is empty, dice and surface dice are 0 and the distance is
 * infinite, which counts as worse than every number in medians and quartiles.
 *
 * @param found voxels of the mask
 * @param labelled voxels of the label
 * @param common voxels of both
 * @param dice 2 common / (found + labelled), 0..1
 * @param publishedScore 2 common / (found + labelled + 1), what the published program reports (spec 4); it does not count what is labelled
 *     outside of the part of the volume that it segments (spec 3.3); 0 for two empty masks
 * @param surfaceDice normalised surface distance: the share of the voxels on both surfaces that lie within the tolerance of the other
 *     surface, 0..1
 * @param hausdorff95 95% Hausdorff distance in mm: the larger of the 95th percentiles of the distances from one surface to the other and
 *     back, with linear interpolation between ranks
 */
public record MaskScores(
        long found,
        long labelled,
        long common,
        double dice,
        double publishedScore,
        double surfaceDice,
        double hausdorff95) {
    /** The usual tolerance of the normalised surface distance, in mm: about the spacing of fine abdominal CTs, and what readers differ by. */
    public static final double DEFAULT_TOLERANCE = 2;

    private static final double HAUSDORFF_SHARE = 0.95;

    /**
     * Compares two masks where the whole grid is segmented.
     *
     * @see #of(Mask, Mask, VoxelBox, Affine, double)
     */
    public static MaskScores of(Mask found, Mask label, Affine affine, double tolerance) {
        GridSize size = label.size();
        VoxelBox whole = VoxelBox.of(0, 0, 0, size.ni() - 1, size.nj() - 1, size.nk() - 1);
        return of(found, label, whole, affine, tolerance);
    }

    /**
     * Compares two masks. Surfaces are the voxels that have a face in common with a voxel outside their mask or with the outside of the grid;
     * distances are Euclidean, between voxel centres. Takes four bytes for each voxel of the smallest box around both masks.
     *
     * @param found the mask
     * @param label the label in the same grid
     * @param segmented the part of the grid that is segmented, see {@code publishedScore}
     * @param affine gives the voxel sides; axes are taken as orthogonal
     * @param tolerance of the normalised surface distance, mm, 0 or more
     * @throws IllegalArgumentException when the grids differ, the tolerance is negative, or a voxel side is not positive
     */
    public static MaskScores of(Mask found, Mask label, VoxelBox segmented, Affine affine, double tolerance) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("the tolerance is a distance in mm, 0 or more, found " + tolerance);
        }
        long p = found.count(), l = label.count(), both = Mask.countCommon(found, label);
        double published = 2.0 * both / (p + label.countIn(segmented) + 1);
        if (p == 0 || l == 0) {
            boolean agree = p == l;
            return new MaskScores(
                    p, l, both, agree ? 1 : 0, published, agree ? 1 : 0, agree ? 0 : Double.POSITIVE_INFINITY);
        }
        SurfaceDistances distances = SurfaceDistances.between(found, label, affine.spacing());
        return new MaskScores(
                p,
                l,
                both,
                2.0 * both / (p + l),
                published,
                distances.shareWithin(tolerance),
                distances.percentile(HAUSDORFF_SHARE));
    }
}
