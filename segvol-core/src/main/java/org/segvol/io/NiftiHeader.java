package org.segvol.io;

import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Collectors;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.VoxelType;

/**
 * What a NIfTI header says, checked: every number here is usable as it stands.
 *
 * @param order of all numbers in the header and the voxels
 * @param single whether the voxels follow in the same file; otherwise they have a file of their own
 * @param dims length of every axis, each at least 1, without the axes of length one at the end; their product fits a long
 * @param size the first three axes
 * @param type how voxels are stored
 * @param voxelOffset where the voxels start, in bytes of the uncompressed file
 * @param slope factor of the scale, 1 when there is none
 * @param intercept offset of the scale
 * @param affine the transform in effect
 * @param forms what the file said about it
 */
record NiftiHeader(
        ByteOrder order,
        boolean single,
        List<Long> dims,
        GridSize size,
        VoxelType type,
        long voxelOffset,
        double slope,
        double intercept,
        Affine affine,
        Forms forms) {

    /** How many volumes follow each other: the product of the axes after the third. */
    long volumes() {
        long n = 1;
        for (int axis = 3; axis < dims.size(); axis++) {
            n *= dims.get(axis);
        }
        return n;
    }

    /** Bytes of one volume. */
    long volumeBytes() {
        return (long) size.count() * type.bytes();
    }

    /** Such as {@code 512x512x300 int16}. */
    String content() {
        return dims.stream().map(String::valueOf).collect(Collectors.joining("x")) + " " + type.label();
    }
}
