package org.segvol.pseudo;

import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.weights.Extent;

/**
 * Makes pseudo masks (spec 5.5): the image resized by averaging, regions grown in it, known labels put on top.
 *
 * @param size of the masks along the stored axes (a,b,c)
 * @param rule how regions grow
 */
public record PseudoMasks(Extent size, Regions rule) {
    /** As the released model was trained. */
    public static final PseudoMasks PUBLISHED = new PseudoMasks(new Extent(256, 256, 32), Regions.PUBLISHED);

    /** Checks that a mask's regions can be told apart in every format. */
    public PseudoMasks {
        if ((long) size.d() * size.h() * size.w() > 1 << 28) {
            throw new IllegalArgumentException(
                    "a pseudo mask of " + size + " voxels is too large, at most 2^28 are supported");
        }
    }

    /**
     * The pseudo mask of one image.
     *
     * @param image slices along the third stored axis, i fastest, after foreground normalisation (spec 3.4)
     * @param grid of the image
     * @param labels known structures in the same grid, whose voxels get ids of their own; asked for one after the other
     */
    public PseudoMask of(Planes image, GridSize grid, Iterable<Mask> labels) {
        int[] ids = rule.of(resized(image, grid), size);
        RegionLabels.overwrite(ids, () -> StreamSupport.stream(labels.spliterator(), false)
                .map(label -> resized(label, grid))
                .iterator());
        return new PseudoMask(ids, size);
    }

    private float[] resized(Mask label, GridSize grid) {
        if (!label.size().equals(grid)) {
            throw new IllegalArgumentException("the image has " + grid + " voxels, a label " + label.size());
        }
        return resized(planes(label), grid);
    }

    /** Averages along stored axes (k,j,i), then turns to (a,b,c). */
    private float[] resized(Planes slices, GridSize grid) {
        Extent stored = new Extent(grid.nk(), grid.nj(), grid.ni());
        float[] small = AreaResize.resize(slices, stored, new Extent(size.w(), size.h(), size.d()));
        float[] turned = new float[small.length];
        for (int c = 0, at = 0; c < size.w(); c++) {
            for (int b = 0; b < size.h(); b++) {
                for (int a = 0; a < size.d(); a++, at++) {
                    turned[(a * size.h() + b) * size.w() + c] = small[at];
                }
            }
        }
        return turned;
    }

    /** A mask as 1 and 0. */
    private static Planes planes(Mask mask) {
        return (k, target) -> {
            int start = k * target.length, end = start + target.length;
            Arrays.fill(target, 0);
            for (int from = mask.nextSet(start); from >= 0 && from < end; ) {
                int to = Math.min(mask.nextClear(from), end);
                Arrays.fill(target, from - start, to - start, 1);
                from = to < end ? mask.nextSet(to) : -1;
            }
        };
    }
}
