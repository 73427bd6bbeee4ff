package org.segvol.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;
import org.segvol.io.Volumes;

/** A body of soft tissue with a spine and some noise in air, int16 in HU: enough for timing. The same bits for the same size. */
final class BodyPhantom {
    private BodyPhantom() {}

    /** A volume of a size such as {@code 512x512x300}. */
    static Volume of(String size) {
        int[] n = Arrays.stream(size.split("x", -1)).mapToInt(Integer::parseInt).toArray();
        GridSize grid = new GridSize(n[0], n[1], n[2]);
        short[] values = new short[grid.count()];
        IntStream.range(0, grid.nk()).parallel().forEach(k -> {
            long state = 0x9E3779B97F4A7C15L * (k + 1);
            for (int j = 0; j < grid.nj(); j++) {
                for (int i = 0; i < grid.ni(); i++) {
                    state = state * 6364136223846793005L + 1442695040888963407L;
                    double x = 2.0 * i / grid.ni() - 1, y = 2.0 * j / grid.nj() - 1;
                    double hu = x * x / 0.7 + y * y / 0.45 < 1 ? 40 + 30 * Math.sin(9 * x + k * 0.05) : -1000;
                    hu = x * x + (y + 0.35) * (y + 0.35) < 0.01 ? 400 : hu;
                    values[grid.index(i, j, k)] = (short) (hu + (state >>> 59) - 16);
                }
            }
        });
        return new Volume(grid, Voxels.of(values, VoxelType.INT16, 1, 0), Affine.scaling(0.8, 0.8, 1.5), Forms.NONE);
    }

    /** Writes a phantom as a NIfTI file of small whole numbers: HU + 1024. */
    static void write(Volume phantom, Path file) throws IOException {
        int slice = phantom.size().ni() * phantom.size().nj();
        float[] row = new float[slice];
        Volumes.writeLabels(
                (k, target) -> {
                    phantom.voxels().read(k * slice, slice, row, 0);
                    for (int i = 0; i < slice; i++) {
                        target[i] = (short) (row[i] + 1024);
                    }
                },
                4095,
                phantom,
                file);
    }
}
