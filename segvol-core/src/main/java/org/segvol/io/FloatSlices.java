package org.segvol.io;

/** Gives the values of a grid slice by slice, so that a file can be written without a second copy of the voxels. */
@FunctionalInterface
public interface FloatSlices {
    /**
     * Fills in one slice. Slices are asked for once each, in rising order.
     *
     * @param k which slice along the third stored axis
     * @param target ni * nj values, i fastest; all 0 when handed over
     */
    void slice(int k, float[] target);
}
