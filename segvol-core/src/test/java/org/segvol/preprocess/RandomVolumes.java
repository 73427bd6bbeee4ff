package org.segvol.preprocess;

import java.util.Random;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;

/** Volumes of random numbers for comparisons with plain twins. */
public final class RandomVolumes {
    private RandomVolumes() {}

    /** A volume with a body of varied values inside a margin of air, so that there is something to crop. */
    public static Volume body(Random random, GridSize size, Affine affine) {
        short[] values = new short[size.count()];
        for (int at = 0; at < values.length; at++) {
            var p = size.point(at);
            boolean inside = true;
            for (int axis = 0; axis < 3; axis++) {
                int n = size.side(axis), margin = n / 5;
                inside &= p.get(axis) >= margin && p.get(axis) < n - margin / 2;
            }
            values[at] = (short) (inside ? random.nextInt(1500) - 200 : -1000 + random.nextInt(40));
        }
        return new Volume(size, Voxels.of(values, VoxelType.INT16, 1, 0), affine, Forms.NONE);
    }

    /** Voxels of a type with its own range of values, many of them equal in the narrow types. */
    public static Voxels ofType(Random random, VoxelType type, int count, double slope, double intercept) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        short[] shorts = new short[count];
        int[] ints = new int[count];
        long[] longs = new long[count];
        float[] floats = new float[count];
        double[] doubles = new double[count];
        for (int i = 0; i < count; i++) {
            shorts[i] = (short) random.nextInt();
            ints[i] = random.nextInt() >> random.nextInt(24);
            longs[i] = random.nextLong() >> random.nextInt(48);
            floats[i] = (float) random.nextGaussian() * 300 * (random.nextInt(50) == 0 ? 1e4f : 1);
            doubles[i] = random.nextInt(7) == 0 ? -0.0 : random.nextGaussian();
        }
        return switch (type) {
            case UINT8, INT8 -> Voxels.of(bytes, type, slope, intercept);
            case UINT16, INT16 -> Voxels.of(shorts, type, slope, intercept);
            case UINT32, INT32 -> Voxels.of(ints, type, slope, intercept);
            case UINT64, INT64 -> Voxels.of(longs, type, slope, intercept);
            case FLOAT32 -> Voxels.of(floats, slope, intercept);
            case FLOAT64 -> Voxels.of(doubles, slope, intercept);
        };
    }

    /** A row of voxels as a volume. */
    public static Volume row(Voxels voxels) {
        return new Volume(new GridSize(voxels.count(), 1, 1), voxels, Affine.scaling(1, 1, 1), Forms.NONE);
    }

    /** All values as floats. */
    public static float[] floats(Voxels voxels) {
        float[] values = new float[voxels.count()];
        voxels.read(0, values.length, values, 0);
        return values;
    }
}
