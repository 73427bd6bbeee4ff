package org.segvol.image;

/** Voxels of 1 byte, signed or unsigned; the array is shared, not copied. */
final class ByteVoxels extends ArrayVoxels {
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
}
