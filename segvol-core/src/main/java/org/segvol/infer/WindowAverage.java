package org.segvol.infer;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.segvol.weights.Extent;

/**
 * Averages the logits of overlapping windows and gives away the planes of the volume as soon as no later window touches them. Holds as many
 * planes as a window is deep. Voxels that no window covered keep the base field's logits.
 */
final class WindowAverage {
    private final WindowLayout layout;
    private final LogitField base;
    private final LogitPlanes planes;
    private final float[][] weights; // per axis, or null for equal weights
    private final float[] sums; // ring of planes of the frame
    private final float[] totals;
    private final float[] whole;
    private int given; // planes of the frame that were given away
    private int next; // the volume's next plane

    /**
     * An average without windows.
     *
     * @throws IllegalArgumentException when a window's depth of the frame's planes does not fit an array
     */
    WindowAverage(WindowLayout layout, LogitField base, boolean gaussian, LogitPlanes planes) {
        Extent frame = layout.frame();
        int most = (Integer.MAX_VALUE - 8) / layout.window().d();
        if ((long) frame.h() * frame.w() > most) {
            throw new IllegalArgumentException("planes of " + frame.h() + "x" + frame.w()
                    + " voxels are too large for windows, at most " + most
                    + " voxels are supported; crop or resample the volume, or choose --mode resize");
        }
        this.layout = layout;
        this.base = base;
        this.planes = planes;
        this.weights = gaussian ? gaussian(layout.window()) : null;
        this.sums = new float[layout.window().d() * frame.h() * frame.w()];
        this.totals = new float[sums.length];
        this.whole = new float[base.volume().h() * base.volume().w()];
    }

    /** Weights that fall to the window's border, sigma an eighth of its side, never quite zero. */
    private static float[][] gaussian(Extent window) {
        float[][] weights = new float[3][];
        for (int axis = 0; axis < 3; axis++) {
            int n = window.side(axis);
            weights[axis] = new float[n];
            for (int i = 0; i < n; i++) {
                double x = (i + 0.5 - n / 2.0) / (n / 8.0);
                weights[axis][i] = (float) Math.max(Math.exp(-x * x / 2), 1e-3);
            }
        }
        return weights;
    }

    /** Bytes that the average over a layout needs. */
    static long bytes(WindowLayout layout) {
        return 8L * layout.window().d() * layout.frame().h() * layout.frame().w();
    }

    /**
     * Adds a window. Windows must come in the layout's order; some may be left out.
     *
     * @param origin in the frame
     * @param logits (d,h,w) of the window
     */
    void add(int[] origin, float[] logits) {
        giveUpTo(origin[0]);
        IntStream.range(0, layout.window().d()).parallel().forEach(d -> addPlane(d, origin, logits));
    }

    private void addPlane(int d, int[] origin, float[] logits) {
        Extent window = layout.window(), frame = layout.frame();
        int plane = (origin[0] + d) % window.d() * frame.h();
        for (int h = 0; h < window.h(); h++) {
            int to = (plane + origin[1] + h) * frame.w() + origin[2], from = (d * window.h() + h) * window.w();
            if (weights == null) {
                for (int w = 0; w < window.w(); w++) {
                    sums[to + w] += logits[from + w];
                    totals[to + w] += 1;
                }
            } else {
                float row = weights[0][d] * weights[1][h];
                for (int w = 0; w < window.w(); w++) {
                    float weight = row * weights[2][w];
                    sums[to + w] += weight * logits[from + w];
                    totals[to + w] += weight;
                }
            }
        }
    }

    /** Gives away all planes that are left, to the volume's last. */
    void finish() {
        giveUpTo(layout.frame().d());
        giveBase(base.volume().d());
    }

    private void giveBase(int end) {
        for (; next < end; next++) {
            base.plane(next, whole);
            planes.plane(next, whole);
        }
    }

    private void giveUpTo(int end) {
        int ringPlane = layout.frame().h() * layout.frame().w();
        for (; given < end; given++) {
            int d = layout.start()[0] + given;
            if (d >= layout.visible().d0() && d < layout.visible().d1()) {
                giveBase(d);
                give(d);
            }
            int at = given % layout.window().d() * ringPlane;
            Arrays.fill(sums, at, at + ringPlane, 0);
            Arrays.fill(totals, at, at + ringPlane, 0);
        }
    }

    private void give(int d) {
        base.plane(d, whole);
        NetworkRegion visible = layout.visible();
        Extent frame = layout.frame();
        int h0 = layout.start()[1],
                w0 = layout.start()[2],
                width = base.volume().w();
        int wFrom = Math.max(visible.w0(), w0), wTo = Math.min(visible.w1(), w0 + frame.w());
        for (int h = Math.max(visible.h0(), h0); h < Math.min(visible.h1(), h0 + frame.h()); h++) {
            int row = (given % layout.window().d() * frame.h() + h - h0) * frame.w() - w0;
            for (int w = wFrom; w < wTo; w++) {
                float total = totals[row + w];
                if (total > 0) {
                    whole[h * width + w] = sums[row + w] / total;
                }
            }
        }
        planes.plane(d, whole);
        next = d + 1;
    }
}
