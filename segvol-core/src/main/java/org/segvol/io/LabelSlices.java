package org.segvol.io;

/** Gives the labels of a grid slice by slice, so that a file can be written without a second copy of the voxels. */
@FunctionalInterface
public interface LabelSlices {
    /**
     * Fills in one slice. Slices are asked for once each, in rising order.
     *
     * @param k which slice along the third stored axis
     * @param target ni * nj labels, i fastest, read as unsigned; all 0 when handed over
     */
    void slice(int k, short[] target);
}
