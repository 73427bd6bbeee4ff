package org.segvol.pseudo;

import java.util.Arrays;
import org.segvol.image.GridSize;
import org.segvol.io.LabelSlices;
import org.segvol.preprocess.NearestIndex;
import org.segvol.weights.Extent;

/** A map of region ids over a volume, usually of fewer voxels than the volume has. Immutable. */
public final class PseudoMask {
    private final int[] ids;
    private final Extent size;

    /**
     * A map.
     *
     * @param ids from 0, or -1 where there is no region; stored axes (a,b,c), the third fastest; not copied, so they must not change any more
     * @param size of the map
     */
    PseudoMask(int[] ids, Extent size) {
        this.ids = ids;
        this.size = size;
    }

    /** The map's size along the stored axes (a,b,c). */
    public Extent size() {
        return size;
    }

    /** A copy of the ids, axes (a,b,c), the third fastest; -1 where there is no region. */
    public int[] ids() {
        return ids.clone();
    }

    /** How many ids are in use. */
    public int regions() {
        return (int) Arrays.stream(ids).filter(id -> id >= 0).distinct().count();
    }

    /** The largest id, or -1 when there is no region. */
    public int largest() {
        return Arrays.stream(ids).max().orElse(-1);
    }

    /**
     * The map without small regions and parts (spec 5.6).
     *
     * @param share of all voxels below which a region or part is small, such as {@link Cleansing#PUBLISHED_SHARE}
     */
    public PseudoMask cleansed(double share) {
        float[] exact = new float[ids.length]; // ids are far below 2^24
        for (int i = 0; i < ids.length; i++) {
            exact[i] = ids[i];
        }
        float[] clean = Cleansing.cleanse(exact, size, share);
        int[] out = new int[ids.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (int) clean[i];
        }
        return new PseudoMask(out, size);
    }

    /** The map enlarged to a volume's grid by nearest index: region n has label n + 1, 0 is no region. */
    public LabelSlices labels(GridSize grid) {
        int[] as = NearestIndex.exact(size.d(), grid.ni());
        int[] bs = NearestIndex.exact(size.h(), grid.nj());
        int[] cs = NearestIndex.exact(size.w(), grid.nk());
        return (k, target) -> {
            for (int j = 0, at = 0; j < grid.nj(); j++) {
                int column = bs[j] * size.w() + cs[k];
                for (int i = 0; i < grid.ni(); i++, at++) {
                    target[at] = (short) (ids[as[i] * size.h() * size.w() + column] + 1);
                }
            }
        };
    }
}
