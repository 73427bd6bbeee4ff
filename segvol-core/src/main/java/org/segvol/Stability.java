package org.segvol;

import org.segvol.infer.Decision;
import org.segvol.infer.NetworkPrompt;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.NetworkBox;
import org.segvol.weights.Extent;

/** Agreement of the zoom-out view's masks under small shifts of the prompt. */
final class Stability {
    private final VolumeDecoding decoding;

    Stability(VolumeDecoding decoding) {
        this.decoding = decoding;
    }

    double of(NetworkPrompt prompt) {
        if (prompt.viewBox() == null && prompt.viewClicks() == null) {
            return Double.NaN;
        }
        float[] reference = decoding.zoomOut(prompt);
        double sum = 0;
        int n = 0;
        for (int axis = 0; axis < 3; axis++) {
            for (int step : new int[] {-1, 1}) {
                double agreement = agreement(reference, decoding.zoomOut(shifted(prompt, axis, step)));
                if (!Double.isNaN(agreement)) {
                    sum += agreement;
                    n++;
                }
            }
        }
        return n == 0 ? Double.NaN : sum / n;
    }

    private NetworkPrompt shifted(NetworkPrompt prompt, int axis, int step) {
        Extent window = decoding.window();
        NetworkBox box = prompt.viewBox();
        if (box != null) {
            int[] lower = {box.d0(), box.h0(), box.w0()}, upper = {box.d1(), box.h1(), box.w1()};
            lower[axis] = inside(lower[axis] + step, window.side(axis));
            upper[axis] = inside(upper[axis] + step, window.side(axis));
            box = new NetworkBox(lower[0], lower[1], lower[2], upper[0], upper[1], upper[2]);
        }
        Clicks clicks = prompt.viewClicks();
        if (clicks != null) {
            float[] at = clicks.coordinates();
            for (int i = 0; i < clicks.count(); i++) {
                at[3 * i + axis] = inside((int) at[3 * i + axis] + step, window.side(axis));
            }
            clicks = new Clicks(at, clicks.labels());
        }
        return new NetworkPrompt(prompt.text(), box, clicks, prompt.volumeBox(), prompt.volumeClicks());
    }

    private static int inside(int value, int n) {
        return Math.min(Math.max(value, 0), n - 1);
    }

    private static double agreement(float[] a, float[] b) {
        int both = 0, either = 0;
        for (int i = 0; i < a.length; i++) {
            boolean inA = Decision.PUBLISHED.positive(a[i]), inB = Decision.PUBLISHED.positive(b[i]);
            both += inA && inB ? 1 : 0;
            either += inA || inB ? 1 : 0;
        }
        return either == 0 ? Double.NaN : (double) both / either;
    }
}
