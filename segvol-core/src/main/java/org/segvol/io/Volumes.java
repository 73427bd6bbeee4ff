package org.segvol.io;

import java.io.IOException;
import java.nio.file.Path;
import org.segvol.image.Volume;

/**
 * Reads and writes volumes as NIfTI: version 1 and 2, one file or a pair of {@code .hdr} and {@code .img}, plain or gzipped (told by
 * content, not by name), either byte order, every integer and floating point type up to 8 bytes.
 */
public final class Volumes {
    private Volumes() {}

    /**
     * Reads a file that holds one volume. Voxels stay in their stored type; axes of length one after the third are dropped.
     *
     * @param file a NIfTI file, or either file of a pair
     * @throws VolumeFormatException when it is not a three-dimensional NIfTI volume, or damaged, or cut short
     * @throws IOException when it cannot be read
     */
    public static Volume read(Path file) throws IOException {
        return NiftiReader.read(file);
    }

    /**
     * Reads one volume of a file that may hold several.
     *
     * @param file a NIfTI file, or either file of a pair
     * @param volume which one, counted from 0 over all axes after the third
     * @throws IllegalArgumentException when the file holds fewer volumes
     * @throws VolumeFormatException when it is not a NIfTI file, or damaged, or cut short
     * @throws IOException when it cannot be read
     */
    public static Volume read(Path file, int volume) throws IOException {
        return NiftiReader.read(file, volume);
    }
}
