package org.segvol.layers;

import org.segvol.weights.Extent;

/**
 * The order of voxels after transposed convolutions whose kernel equals their stride: each input voxel becomes a 2x2x2 block, and the
 * block's eight voxels stay next to each other. After {@code levels} such steps a position is
 * {@code ((cell * 8 + tap1) * 8 + tap2) ...} with cells in (d,h,w) raster order and taps numbered {@code 4a + 2b + c}. Everything
 * that works voxel by voxel can run in this order; only the final masks are put into raster order.
 *
 * @param grid the cells before the first step (d, h, w)
 * @param levels how many steps were made
 */
public record BlockOrder(Extent grid, int levels) {
    /** The grid after all steps, in raster order (d, h, w). */
    public Extent fine() {
        return grid.times(1 << levels);
    }

    /** For every position in block order its position in the raster of {@link #fine}. */
    public int[] toRaster() {
        Extent fine = fine();
        int[] raster = new int[fine.count()];
        int taps = 1 << (3 * levels);
        int at = 0;
        for (int d = 0; d < grid.d(); d++) {
            for (int h = 0; h < grid.h(); h++) {
                for (int w = 0; w < grid.w(); w++) {
                    for (int tap = 0; tap < taps; tap++) {
                        int fd = d, fh = h, fw = w;
                        for (int shift = 3 * (levels - 1); shift >= 0; shift -= 3) {
                            int t = tap >> shift;
                            fd = 2 * fd + (t >> 2 & 1);
                            fh = 2 * fh + (t >> 1 & 1);
                            fw = 2 * fw + (t & 1);
                        }
                        raster[at++] = (fd * fine.h() + fh) * fine.w() + fw;
                    }
                }
            }
        }
        return raster;
    }
}
