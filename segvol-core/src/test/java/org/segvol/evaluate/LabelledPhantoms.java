package org.segvol.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;
import org.segvol.io.Volumes;
import org.segvol.testing.RandomStream;

/** Small labelled cases on disk: two ellipsoids, values 1 and 2, in noise. */
final class LabelledPhantoms {
    static final GridSize SIZE = new GridSize(50, 30, 14);
    private static final Affine PLACE = Affine.ofRows(-1, 0, 0, 30, 0, 1.1, 0, -20, 0, 0, 2, 0);

    private LabelledPhantoms() {}

    /** Writes {@code root/name/ct.nii.gz} and {@code labels.nii.gz}; a case whose second structure is missing has value 1 alone. */
    static void write(Path root, String name, boolean second) throws IOException {
        float[] noise = RandomStream.units(name, SIZE.count());
        short[] values = new short[SIZE.count()], labels = new short[SIZE.count()];
        for (int at = 0; at < values.length; at++) {
            int i = SIZE.point(at).i(),
                    j = SIZE.point(at).j(),
                    k = SIZE.point(at).k();
            if (inside(i - 27, j - 15, k - 7, 15, 10, 5)) {
                labels[at] = 1;
            } else if (second && inside(i - 8, j - 8, k - 5, 6, 6, 4)) {
                labels[at] = 2;
            }
            values[at] = (short) (-100 + 150 * labels[at] + 60 * noise[at]);
        }
        Volume volume = new Volume(SIZE, Voxels.of(values, VoxelType.INT16, 1, 0), PLACE, new Forms(1, 0, null));
        Path folder = Files.createDirectories(root.resolve(name));
        int slice = SIZE.ni() * SIZE.nj();
        float[] ct = new float[values.length];
        volume.voxels().read(0, ct.length, ct, 0);
        Volumes.writeFloats(
                (k, to) -> System.arraycopy(ct, k * slice, to, 0, slice), 500, volume, folder.resolve("ct.nii.gz"));
        Volumes.writeLabels(
                (k, to) -> System.arraycopy(labels, k * slice, to, 0, slice),
                2,
                volume,
                folder.resolve("labels.nii.gz"));
    }

    private static boolean inside(double i, double j, double k, double ri, double rj, double rk) {
        return i * i / (ri * ri) + j * j / (rj * rj) + k * k / (rk * rk) <= 1;
    }
}
