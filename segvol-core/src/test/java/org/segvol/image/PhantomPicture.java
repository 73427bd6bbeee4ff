package org.segvol.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segvol.io.PngFile;
import org.segvol.testing.RandomStream;

/** Draws docs/images/preview.png: a simple phantom made of ellipsoids, with its own labels, as {@code --preview} draws results. */
public final class PhantomPicture {
    private static final GridSize SIZE = new GridSize(200, 150, 110);
    private static final double MM = 2;

    private PhantomPicture() {}

    /** An ellipsoid in mm, right-anterior-superior of the middle, with its HU. */
    private record Organ(String name, double r, double a, double s, double rr, double ra, double rs, double hu) {
        boolean holds(double x, double y, double z) {
            double u = (x - r) / rr, v = (y - a) / ra, w = (z - s) / rs;
            return u * u + v * v + w * w < 1;
        }
    }

    private static final List<Organ> ORGANS = List.of(
            new Organ(null, 0, 0, 0, 178, 128, 900, -95), // fat
            new Organ(null, 0, 0, 0, 160, 110, 900, 50), // muscle
            new Organ(null, 0, 8, 0, 146, 92, 900, -90), // fat inside
            new Organ(null, 0, -62, 0, 24, 20, 900, 320), // spine
            new Organ(null, 0, -86, 0, 8, 14, 900, 420),
            new Organ("liver", 72, 22, 30, 68, 62, 62, 62),
            new Organ("spleen", -98, -28, 34, 30, 42, 44, 52),
            new Organ("stomach", -46, 40, 40, 44, 36, 40, 25),
            new Organ(null, -46, 58, 46, 30, 16, 26, -900), // gas
            new Organ("right kidney", 66, -42, -30, 26, 24, 46, 34),
            new Organ("left kidney", -66, -42, -22, 26, 24, 46, 34),
            new Organ("aorta", -8, -34, 0, 11, 11, 900, 150),
            new Organ(null, 16, -32, 0, 13, 10, 900, 120));

    /** Writes the picture to the path given, or to docs/images/preview.png. */
    public static void main(String[] args) throws IOException {
        short[] values = new short[SIZE.count()];
        byte[] labels = new byte[SIZE.count()];
        float[] noise = RandomStream.units("phantom picture", SIZE.count());
        for (int k = 0; k < SIZE.nk(); k++) {
            for (int j = 0; j < SIZE.nj(); j++) {
                for (int i = 0; i < SIZE.ni(); i++) {
                    double x = (i - 99.5) * MM, y = (j - 74.5) * MM, z = (k - 54.5) * MM;
                    double wave = 5 * Math.sin(x / 31 + z / 23) + 4 * Math.sin(y / 27 - z / 37);
                    double hu = -1000;
                    int label = 0;
                    for (int o = 0; o < ORGANS.size(); o++) {
                        double bend = o < 5 ? 0 : wave;
                        if (ORGANS.get(o).holds(x + bend, y - bend / 2, z + bend)) {
                            hu = ORGANS.get(o).hu();
                            label = ORGANS.get(o).name() == null ? label : o + 1;
                        }
                    }
                    int at = SIZE.index(i, j, k);
                    values[at] = (short) (hu + 60 * (noise[at] - 0.5));
                    labels[at] = (byte) label;
                }
            }
        }
        Affine affine = Affine.ofRows(MM, 0, 0, -199, 0, MM, 0, -149, 0, 0, MM, -109);
        Volume ct = new Volume(SIZE, Voxels.of(values, VoxelType.INT16, 1, 0), affine, Forms.NONE);
        Volume map = new Volume(SIZE, Voxels.of(labels, VoxelType.UINT8, 1, 0), affine, Forms.NONE);
        List<PreviewContent.Layer> layers = new ArrayList<>();
        for (int o = 0; o < ORGANS.size(); o++) {
            if (ORGANS.get(o).name() != null) {
                layers.add(new PreviewContent.Layer(ORGANS.get(o).name(), Mask.ofLabel(map, o + 1)));
            }
        }
        PreviewContent content = new PreviewContent(
                "phantom, with its own labels", layers, PreviewContent.Prompt.NONE, new VoxelPoint(122, 68, 58));
        PngFile.write(Preview.render(ct, content), Path.of(args.length > 0 ? args[0] : "docs/images/preview.png"));
    }
}
