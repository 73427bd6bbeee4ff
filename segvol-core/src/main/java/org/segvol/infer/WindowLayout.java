package org.segvol.infer;

import java.util.ArrayList;
import java.util.List;
import org.segvol.weights.Extent;

/**
 * Windows over a part of a volume (spec 4.6). The frame is what the windows cover together; it may reach beyond what of the volume they may
 * see, where their image is zero.
 *
 * @param start the volume's position of the frame's first voxel (d,h,w); may be negative
 * @param frame the frame's size, at least a window
 * @param visible what of the volume the windows see
 * @param window a window's size
 * @param origins windows in the frame, first axis slowest
 */
record WindowLayout(int[] start, Extent frame, NetworkRegion visible, Extent window, List<int[]> origins) {
    /** Windows over a region, zero-padded to at least a window: half of what it lacks, rounded down, before it. */
    static WindowLayout over(NetworkRegion region, Extent window, double overlap) {
        Extent size = region.extent();
        Extent frame = new Extent(
                Math.max(size.d(), window.d()), Math.max(size.h(), window.h()), Math.max(size.w(), window.w()));
        int[][] starts = new int[3][];
        int[] first = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            first[axis] = region.start(axis) - (frame.side(axis) - size.side(axis)) / 2;
            starts[axis] = WindowGrid.starts(frame.side(axis), window.side(axis), overlap);
        }
        return new WindowLayout(first, frame, region, window, product(starts));
    }

    /** The fewest windows of the volume's own lattice that cover a region. */
    static WindowLayout lattice(NetworkRegion region, Extent volume, Extent window, double overlap) {
        int[][] starts = new int[3][];
        int[] first = new int[3], sides = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int n = Math.max(volume.side(axis), window.side(axis));
            int padding = (n - volume.side(axis)) / 2;
            int[] all = WindowGrid.starts(n, window.side(axis), overlap);
            int[] chosen = cover(all, window.side(axis), region.start(axis) + padding, region.end(axis) + padding);
            first[axis] = chosen[0] - padding;
            sides[axis] = chosen[chosen.length - 1] + window.side(axis) - chosen[0];
            for (int i = chosen.length - 1; i >= 0; i--) {
                chosen[i] -= chosen[0];
            }
            starts[axis] = chosen;
        }
        return new WindowLayout(
                first, new Extent(sides[0], sides[1], sides[2]), NetworkRegion.all(volume), window, product(starts));
    }

    /** The fewest of the starts whose windows cover from..to. */
    private static int[] cover(int[] starts, int window, int from, int to) {
        List<Integer> chosen = new ArrayList<>();
        int covered = from;
        while (covered < to) {
            int best = starts[0];
            for (int start : starts) {
                if (start <= covered) {
                    best = start;
                }
            }
            chosen.add(best);
            covered = best + window;
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    private static List<int[]> product(int[][] starts) {
        List<int[]> out = new ArrayList<>();
        for (int d : starts[0]) {
            for (int h : starts[1]) {
                for (int w : starts[2]) {
                    out.add(new int[] {d, h, w});
                }
            }
        }
        return out;
    }

    /** A window laid over the volume. */
    VolumeView view(int[] origin) {
        return new VolumeView(start[0] + origin[0], start[1] + origin[1], start[2] + origin[2], window, visible);
    }
}
