package org.segvol.image;

/**
 * The voxels of a volume in the type in which they are stored, with their scale: value = stored * slope + intercept. Never copied to
 * floats as a whole. Implementations are immutable once handed out and may be read from many threads.
 */
public interface Voxels {
    /** How many there are. */
    int count();

    /** The stored type. */
    VoxelType type();

    /** The factor of the scale; 1 when there is none. */
    double slope();

    /** The offset of the scale; 0 when there is none. */
    double intercept();

    /**
     * Scaled values as float32.
     *
     * @param from position of the first voxel in stored order
     * @param length how many
     * @param target receives them
     * @param at first position in {@code target}
     */
    void read(int from, int length, float[] target, int at);

    /** One scaled value as float32. */
    float get(int index);
}
