package org.segvol.infer;

import java.util.ArrayList;
import java.util.List;
import org.segvol.weights.Extent;

/** Where the windows of a sliding-window pass lie (spec 4.6). */
public final class WindowGrid {
    private WindowGrid() {}

    /**
     * Window origins along one axis.
     *
     * @param extent padded extent, at least the window
     * @param overlap share of a window that neighbours have in common, 0 to below 1
     */
    public static int[] starts(int extent, int window, double overlap) {
        int step = extent == window ? window : Math.max((int) (window * (1 - overlap)), 1);
        List<Integer> starts = new ArrayList<>();
        int at = 0;
        starts.add(at);
        while (at + window < extent) {
            at = Math.min(at + step, extent - window);
            starts.add(at);
        }
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The size of a region padded to at least a window. */
    static Extent padded(Extent region, Extent window) {
        return new Extent(
                Math.max(region.d(), window.d()), Math.max(region.h(), window.h()), Math.max(region.w(), window.w()));
    }

    /** Padding before a region: half of what it lacks, rounded down. */
    static int[] before(Extent region, Extent window) {
        int[] before = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            before[axis] = Math.max(window.side(axis) - region.side(axis), 0) / 2;
        }
        return before;
    }
}
