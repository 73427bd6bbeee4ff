package org.segvol.pseudo;

import java.util.Arrays;
import org.segvol.weights.Extent;

/**
 * Tidies a map of region ids (spec 5.6): small regions are dropped; the others, by rising id, are opened and closed with the six-neighbour cross, and
 * their small parts dropped. Voxels outside the volume count as outside every region. Closing may claim voxels of other regions.
 */
public final class Cleansing {
    /** The id of voxels without a region. */
    public static final float NONE = -1;
    /** The published share of all voxels below which a region or part is small. */
    public static final double PUBLISHED_SHARE = 0.001;

    private final float[] ids;
    private final Extent size;
    private final double limit;

    private Cleansing(float[] ids, Extent size, double limit) {
        this.ids = ids;
        this.size = size;
        this.limit = limit;
    }

    /**
     * The tidied map.
     *
     * @param ids finite, also fractional; {@link #NONE} where there is no region; not changed
     * @param size of the map
     * @param share of all voxels below which a region or part is small
     */
    public static float[] cleanse(float[] ids, Extent size, double share) {
        if (ids.length != size.count()) {
            throw new IllegalArgumentException(
                    "a map of " + size + " has " + size.count() + " ids, found " + ids.length);
        }
        float[] copy = ids.clone();
        new Cleansing(copy, size, ids.length * share).run();
        return copy;
    }

    private void run() {
        IdIndex index = new IdIndex(ids);
        for (int n = 0; n < index.count(); n++) {
            if (index.id(n) == NONE) {
                continue;
            }
            int[] members = index.members(n);
            if (members.length < limit) {
                fill(members, NONE);
            }
        }
        for (int n = 0; n < index.count(); n++) {
            int[] members = index.members(n);
            if (index.id(n) != NONE && members.length >= limit) {
                smooth(index.id(n), left(members, index.id(n)));
            }
        }
    }

    /** The members that no other region has claimed. */
    private int[] left(int[] members, float id) {
        int count = 0;
        int[] left = new int[members.length];
        for (int at : members) {
            if (ids[at] == id) {
                left[count++] = at;
            }
        }
        return Arrays.copyOf(left, count);
    }

    private void smooth(float id, int[] members) {
        if (members.length == 0) {
            return;
        }
        Box box = Box.around(members, size);
        BitGrid grid = new BitGrid(box.size());
        for (int at : members) {
            int row = at / size.w();
            grid.set(row / size.h() - box.d, row % size.h() - box.h, at % size.w() - box.w);
        }
        grid.erode();
        grid.dilate();
        grid.dilate();
        grid.erode();
        grid.dropParts(limit);
        fill(members, NONE);
        grid.forEach((d, h, w) -> ids[((d + box.d) * size.h() + h + box.h) * size.w() + w + box.w] = id);
    }

    private void fill(int[] members, float id) {
        for (int at : members) {
            ids[at] = id;
        }
    }

    /** A region's box with one more voxel on every side, as far as the volume goes: closing never leaves it. */
    private record Box(int d, int h, int w, int endD, int endH, int endW) {
        static Box around(int[] members, Extent size) {
            int[] low = {size.d(), size.h(), size.w()}, high = {-1, -1, -1};
            for (int at : members) {
                int row = at / size.w(), d = row / size.h(), h = row % size.h(), w = at % size.w();
                low[0] = Math.min(low[0], d);
                low[1] = Math.min(low[1], h);
                low[2] = Math.min(low[2], w);
                high[0] = Math.max(high[0], d);
                high[1] = Math.max(high[1], h);
                high[2] = Math.max(high[2], w);
            }
            return new Box(
                    Math.max(low[0] - 1, 0),
                    Math.max(low[1] - 1, 0),
                    Math.max(low[2] - 1, 0),
                    Math.min(high[0] + 2, size.d()),
                    Math.min(high[1] + 2, size.h()),
                    Math.min(high[2] + 2, size.w()));
        }

        Extent size() {
            return new Extent(endD - d, endH - h, endW - w);
        }
    }
}
