package org.segvol.infer;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.segvol.weights.Extent;

/**
 * A window laid over a volume. It may reach beyond the region that it may see; there it is empty.
 *
 * @param d0 the volume's plane at the window's first plane; may be negative
 * @param h0 likewise for rows
 * @param w0 likewise for columns
 * @param size the window's size
 * @param visible what of the volume may be seen
 */
public record VolumeView(int d0, int h0, int w0, Extent size, NetworkRegion visible) {
    /** A condition on a voxel of the volume. */
    @FunctionalInterface
    interface VoxelTest {
        boolean test(int d, int h, int w);
    }

    /** Marks voxels of one plane of the volume, a row at a time, rows in rising order. */
    @FunctionalInterface
    interface RowMarker {
        /**
         * Writes 1 to {@code mask[at + w]} for the columns {@code from <= w < to} of row h that are in the set; the others are 0 already.
         */
        void mark(int h, int from, int to, byte[] mask, int at);
    }

    /** The window as a mask (d,h,w): 1 where the condition holds, 0 elsewhere and outside what is visible. Planes are tested in parallel. */
    byte[] fill(VoxelTest test) {
        return fillRows(d -> (h, from, to, mask, at) -> {
            for (int w = from; w < to; w++) {
                if (test.test(d, h, w)) {
                    mask[at + w] = 1;
                }
            }
        });
    }

    /** The same with a marker for every plane of the volume. */
    byte[] fillRows(IntFunction<RowMarker> markers) {
        byte[] mask = new byte[size.count()];
        int from = Math.max(w0, visible.w0()), to = Math.min(w0 + size.w(), visible.w1());
        int first = Math.max(d0, visible.d0()), last = Math.min(d0 + size.d(), visible.d1());
        IntStream.range(first, last).parallel().forEach(d -> {
            RowMarker marker = markers.apply(d);
            for (int h = Math.max(h0, visible.h0()); h < Math.min(h0 + size.h(), visible.h1()); h++) {
                marker.mark(h, from, to, mask, ((d - d0) * size.h() + h - h0) * size.w() - w0);
            }
        });
        return mask;
    }
}
