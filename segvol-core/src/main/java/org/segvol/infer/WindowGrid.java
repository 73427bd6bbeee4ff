package org.segvol.infer;

import java.util.ArrayList;
import java.util.List;

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
}
