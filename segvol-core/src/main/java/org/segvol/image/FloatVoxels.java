package org.segvol.image;

/** Voxels of single precision; the array is shared, not copied. */
final class FloatVoxels extends ArrayVoxels {
    private final float[] values;

    FloatVoxels(float[] values, double slope, double intercept) {
        super(VoxelType.FLOAT32, slope, intercept);
        this.values = values;
    }

    @Override
    public int count() {
        return values.length;
    }

    @Override
    public float get(int index) {
        return scaled() ? (float) (values[index] * slope + intercept) : values[index];
    }

    @Override
    public void read(int from, int length, float[] target, int at) {
        if (scaled()) {
            for (int n = 0; n < length; n++) {
                target[at + n] = (float) (values[from + n] * slope + intercept);
            }
        } else {
            for (int n = 0; n < length; n++) {
                target[at + n] = values[from + n];
            }
        }
    }
}
