package org.segvol.image;

/** Voxels of 8 bytes, signed or unsigned; the array is shared, not copied. */
final class LongVoxels extends ArrayVoxels {
    private final long[] values;

    LongVoxels(long[] values, VoxelType type, double slope, double intercept) {
        super(either(type, VoxelType.UINT64, VoxelType.INT64), slope, intercept);
        this.values = values;
    }

    @Override
    public int count() {
        return values.length;
    }

    @Override
    public float get(int index) {
        float[] one = new float[1];
        read(index, 1, one, 0);
        return one[0];
    }

    @Override
    public void read(int from, int length, float[] target, int at) {
        boolean scaled = scaled();
        boolean unsigned = type() == VoxelType.UINT64;
        for (int n = 0; n < length; n++) {
            long raw = values[from + n];
            boolean large = unsigned && raw < 0;
            if (scaled) {
                target[at + n] = (float) ((large ? 2.0 * halved(raw) : raw) * slope + intercept);
            } else {
                target[at + n] = large ? 2f * halved(raw) : raw;
            }
        }
    }

    /** Half of an unsigned value above 2^63; the lowest bit stays set so that rounding goes the way of the whole value. */
    private static long halved(long raw) {
        return (raw >>> 1) | (raw & 1);
    }
}
