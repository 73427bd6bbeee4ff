package org.segvol.image;

/**
 * The voxels of a volume in the type in which they are stored, with their scale: value = stored * slope + intercept,
 * computed in double precision and rounded once to float32, as nibabel does (spec 3.1). Never copied to floats as a whole. Implementations are immutable once handed out and may be read from many threads.
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

    /**
     * Voxels over an array that the caller hands over.
     *
     * @param values stored values; not copied, so they must not change any more
     * @param type {@code UINT8} or {@code INT8}
     * @param slope factor of the scale, finite and not 0
     * @param intercept offset of the scale
     */
    static Voxels of(byte[] values, VoxelType type, double slope, double intercept) {
        return new ByteVoxels(values, type, slope, intercept);
    }

    /**
     * Voxels over an array that the caller hands over.
     *
     * @param values stored values; not copied, so they must not change any more
     * @param type {@code UINT16} or {@code INT16}
     * @param slope factor of the scale, finite and not 0
     * @param intercept offset of the scale
     */
    static Voxels of(short[] values, VoxelType type, double slope, double intercept) {
        return new ShortVoxels(values, type, slope, intercept);
    }

    /**
     * Voxels over an array that the caller hands over.
     *
     * @param values stored values; not copied, so they must not change any more
     * @param type {@code UINT32} or {@code INT32}
     * @param slope factor of the scale, finite and not 0
     * @param intercept offset of the scale
     */
    static Voxels of(int[] values, VoxelType type, double slope, double intercept) {
        return new IntVoxels(values, type, slope, intercept);
    }

    /**
     * Voxels over an array that the caller hands over.
     *
     * @param values stored values; not copied, so they must not change any more
     * @param type {@code UINT64} or {@code INT64}
     * @param slope factor of the scale, finite and not 0
     * @param intercept offset of the scale
     */
    static Voxels of(long[] values, VoxelType type, double slope, double intercept) {
        return new LongVoxels(values, type, slope, intercept);
    }

    /**
     * Voxels over an array that the caller hands over.
     *
     * @param values stored values; not copied, so they must not change any more
     * @param slope factor of the scale, finite and not 0
     * @param intercept offset of the scale
     */
    static Voxels of(float[] values, double slope, double intercept) {
        return new FloatVoxels(values, slope, intercept);
    }

    /**
     * Voxels over an array that the caller hands over.
     *
     * @param values stored values; not copied, so they must not change any more
     * @param slope factor of the scale, finite and not 0
     * @param intercept offset of the scale
     */
    static Voxels of(double[] values, double slope, double intercept) {
        return new DoubleVoxels(values, slope, intercept);
    }
}
