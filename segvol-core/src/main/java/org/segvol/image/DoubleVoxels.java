package org.segvol.image;

/** Voxels of double precision; the array is shared, not copied. */
final class DoubleVoxels extends ArrayVoxels {
    private final double[] values;

    DoubleVoxels(double[] values, double slope, double intercept) {
        super(VoxelType.FLOAT64, slope, intercept);
        this.values = values;
    }

    @Override
    public int count() {
        return values.length;
    }

    @Override
    public float get(int index) {
        return (float) (values[index] * slope + intercept);
    }

    @Override
    public void read(int from, int length, float[] target, int at) {
        if (scaled()) {
            for (int n = 0; n < length; n++) {
                target[at + n] = (float) (values[from + n] * slope + intercept);
            }
        } else {
            for (int n = 0; n < length; n++) {
                target[at + n] = (float) values[from + n];
            }
        }
    }
}
