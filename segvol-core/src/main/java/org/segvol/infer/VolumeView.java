package org.segvol.infer;

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
    public interface VoxelTest {
        boolean test(int d, int h, int w);
    }

    /** The window as a mask (d,h,w): 1 where the condition holds, 0 elsewhere and outside what is visible. */
    byte[] fill(VoxelTest test) {
        byte[] mask = new byte[size.count()];
        int from = Math.max(w0, visible.w0()), to = Math.min(w0 + size.w(), visible.w1());
        for (int d = Math.max(d0, visible.d0()); d < Math.min(d0 + size.d(), visible.d1()); d++) {
            for (int h = Math.max(h0, visible.h0()); h < Math.min(h0 + size.h(), visible.h1()); h++) {
                int row = ((d - d0) * size.h() + h - h0) * size.w() - w0;
                for (int w = from; w < to; w++) {
                    if (test.test(d, h, w)) {
                        mask[row + w] = 1;
                    }
                }
            }
        }
        return mask;
    }
}
