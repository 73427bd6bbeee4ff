package org.segvol.phantom;

import java.util.function.IntConsumer;
import org.segvol.image.GridSize;

/** From a patient and a scan to voxels: paint, add noise, blur. Every voxel depends on its place alone, so threads make no difference. */
final class Renderer {
    /** Steps of the values kept between the two passes, for each HU. */
    private static final float STEPS = 8;

    private static final int LOWEST = -1024, HIGHEST = 3071;
    /** Standard deviation of the sum of four 16-bit numbers. */
    private static final double FOUR = 65536 / Math.sqrt(3);

    private final Scene scene;
    private final Scan scan;
    private final GridSize size;
    private final Kernel[] kernels = new Kernel[3];
    private final double gain;
    private final Couch couch;
    private final short[] hu;
    private final byte[] labels;

    Renderer(Scene scene, Scan scan) {
        this.scene = scene;
        this.scan = scan;
        size = scan.size();
        double damping = 1;
        for (int axis = 0; axis < 3; axis++) {
            kernels[axis] = new Kernel(scan.blur(axis));
            damping *= kernels[axis].damping();
        }
        gain = scan.noise() / damping;
        couch = new Couch(-scene.torso().back() - 1);
        hu = new short[size.count()];
        labels = new byte[size.count()];
    }

    void render(int threads) {
        int slabs = (size.nk() + Painter.HEIGHT - 1) / Painter.HEIGHT;
        Workers.run(slabs, threads, this::slabWorker);
        Workers.run(size.nj(), threads, this::rowWorker);
    }

    /** HU, in stored order. */
    short[] hu() {
        return hu;
    }

    /** Labels, in stored order. */
    byte[] labels() {
        return labels;
    }

    private IntConsumer slabWorker() {
        Painter painter = new Painter(scene, scan, couch, scan.noiseSeed() + 1);
        int ni = size.ni(), slice = ni * size.nj();
        float[] painted = new float[slice * Painter.HEIGHT];
        float[] smoothed = new float[slice];
        float[] row = new float[ni];
        return slab -> {
            int k0 = slab * Painter.HEIGHT;
            for (int j = 0; j < size.nj(); j += Painter.SIDE) {
                for (int i = 0; i < ni; i += Painter.SIDE) {
                    painter.paint(i, j, k0, painted, labels);
                }
            }
            for (int k = k0; k < Math.min(k0 + Painter.HEIGHT, size.nk()); k++) {
                int from = (k - k0) * slice;
                addNoise(painted, from, slice, k);
                for (int j = 0; j < size.nj(); j++) {
                    kernels[0].along(painted, from + j * ni, ni, smoothed, j * ni);
                }
                for (int j = 0; j < size.nj(); j++) {
                    kernels[1].across(smoothed, 0, ni, size.nj(), j, row, 0);
                    int to = size.index(0, j, k);
                    for (int i = 0; i < ni; i++) {
                        hu[to + i] =
                                (short) Math.min(Math.max(rounded(row[i] * STEPS), Short.MIN_VALUE), Short.MAX_VALUE);
                    }
                }
            }
        };
    }

    /** Less in air and lungs, where more of the beam arrives. */
    private void addNoise(float[] values, int from, int length, int k) {
        long seed = Chance.mix(scan.noiseSeed() + 0x5DEECE66DL * (k + 1));
        for (int n = 0; n < length; n++) {
            float value = values[from + n];
            double size = value < -400 ? 0.6 : 1;
            long bits = Chance.mix(seed + n * 0x9E3779B97F4A7C15L);
            long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
            values[from + n] = (float) (value + gain * size * (sum - 131070) / FOUR);
        }
    }

    private IntConsumer rowWorker() {
        int ni = size.ni(), nk = size.nk();
        float[] sheet = new float[ni * nk];
        float[] row = new float[ni];
        return j -> {
            for (int k = 0; k < nk; k++) {
                int at = size.index(0, j, k);
                for (int i = 0; i < ni; i++) {
                    sheet[k * ni + i] = hu[at + i];
                }
            }
            for (int k = 0; k < nk; k++) {
                kernels[2].across(sheet, 0, ni, nk, k, row, 0);
                int at = size.index(0, j, k);
                for (int i = 0; i < ni; i++) {
                    hu[at + i] = (short) Math.min(Math.max(rounded(row[i] / STEPS), LOWEST), HIGHEST);
                }
            }
        };
    }

    private static int rounded(float value) {
        return (int) (value + 32768.5f) - 32768;
    }
}
