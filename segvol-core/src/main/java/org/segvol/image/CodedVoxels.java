package org.segvol.image;

/** Voxels of at most 16 bits: so few different values that they can be counted one by one, without looking at scaled voxels. */
public interface CodedVoxels extends Voxels {
    /** How many different stored values the type has. */
    int codes();

    /**
     * The scaled value of a code as float32. Codes number the stored values upwards, so values rise with them, or fall when the slope is
     * negative.
     */
    float value(int code);

    /**
     * Counts codes.
     *
     * @param from position of the first voxel in stored order
     * @param length how many
     * @param counts one number per code, to which is added
     */
    void count(int from, int length, int[] counts);
}
