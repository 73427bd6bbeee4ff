package org.segvol.layers;

import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/** Cuts a window into the image encoder's patches (spec 1.2.1): a change of order, nothing is computed. */
public final class Patches {
    private Patches() {}

    /**
     * A window (d,h,w) in raster order to patches (N,P): tokens in (d,h,w) grid order, voxels of a patch in (d,h,w) order.
     *
     * @throws IllegalArgumentException when the image has not the window's voxels
     */
    public static float[] of(ModelConfig config, float[] window) {
        Extent size = config.window(), patch = config.patch(), grid = config.grid();
        if (window.length != size.count()) {
            throw new IllegalArgumentException(
                    "a window of " + size + " has " + size.count() + " voxels, found " + window.length);
        }
        float[] out = new float[window.length];
        int at = 0;
        for (int d = 0; d < grid.d(); d++) {
            for (int h = 0; h < grid.h(); h++) {
                for (int w = 0; w < grid.w(); w++) {
                    for (int pd = 0; pd < patch.d(); pd++) {
                        for (int ph = 0; ph < patch.h(); ph++) {
                            int row = (d * patch.d() + pd) * size.h() + h * patch.h() + ph;
                            System.arraycopy(window, row * size.w() + w * patch.w(), out, at, patch.w());
                            at += patch.w();
                        }
                    }
                }
            }
        }
        return out;
    }
}
