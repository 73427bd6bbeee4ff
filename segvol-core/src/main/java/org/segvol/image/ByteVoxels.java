package org.segvol.image;

/** Voxels of 1 byte, signed or unsigned; the array is shared, not copied. */
final class ByteVoxels extends ArrayVoxels implements CodedVoxels {
    private final byte[] values;
    /** Keeps the bits of an unsigned value and leaves a signed one as it is. */
    private final int mask;

    ByteVoxels(byte[] values, VoxelType type, double slope, double intercept) {
        super(either(type, VoxelType.UINT8, VoxelType.INT8), slope, intercept);
        this.values = values;
        this.mask = type == VoxelType.UINT8 ? 0xFF : -1;
    }

    @Override
    public int count() {
        return values.length;
    }

    @Override
    public float get(int index) {
        int raw = values[index] & mask;
        return scaled() ? (float) (raw * slope + intercept) : raw;
    }

    @Override
    public void read(int from, int length, float[] target, int at) {
        int mask = this.mask;
        if (scaled()) {
            for (int n = 0; n < length; n++) {
                target[at + n] = (float) ((values[from + n] & mask) * slope + intercept);
            }
        } else {
            for (int n = 0; n < length; n++) {
                target[at + n] = values[from + n] & mask;
            }
        }
    }

    @Override
    public int codes() {
        return 1 << Byte.SIZE;
    }

    /** The smallest stored value, which has code 0. */
    private int lowest() {
        return mask < 0 ? Byte.MIN_VALUE : 0;
    }

    @Override
    public float value(int code) {
        int raw = code + lowest();
        return scaled() ? (float) (raw * slope + intercept) : raw;
    }

    @Override
    public void count(int from, int length, int[] counts) {
        int mask = this.mask;
        int lowest = lowest();
        for (int n = from; n < from + length; n++) {
            counts[(values[n] & mask) - lowest]++;
        }
    }
}
