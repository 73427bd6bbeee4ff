package org.segvol.infer;

import java.util.ArrayList;
import java.util.List;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.NetworkBox;
import org.segvol.weights.Extent;

/** The part of a prompt that lies in a window, exactly where the user put it. */
final class ExactWindowPrompts {
    private ExactWindowPrompts() {}

    /** Box and clicks of the volume in the window's voxels; null where none lies in it; an empty box and fillers lie in none. */
    static WindowPrompt of(NetworkPrompt prompt, VolumeView view) {
        return new WindowPrompt(box(prompt.volumeBox(), view), clicks(prompt.volumeClicks(), view));
    }

    private static int start(VolumeView view, int axis) {
        return axis == 0 ? view.d0() : axis == 1 ? view.h0() : view.w0();
    }

    private static NetworkBox box(NetworkBox box, VolumeView view) {
        if (box == null || box.equals(NetworkBox.EMPTY)) {
            return null;
        }
        int[] lower = new int[3], upper = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            lower[axis] = Math.max(box.lower(axis) - start(view, axis), 0);
            upper[axis] =
                    Math.min(box.upper(axis) - start(view, axis), view.size().side(axis) - 1);
            if (lower[axis] > upper[axis]) {
                return null;
            }
        }
        return new NetworkBox(lower[0], lower[1], lower[2], upper[0], upper[1], upper[2]);
    }

    private static Clicks clicks(Clicks clicks, VolumeView view) {
        if (clicks == null) {
            return null;
        }
        Extent size = view.size();
        List<Integer> inside = new ArrayList<>();
        for (int i = 0; i < clicks.count(); i++) {
            boolean in = clicks.label(i) >= 0; // else a filler
            for (int axis = 0; axis < 3; axis++) {
                float at = clicks.coordinate(i, axis) - start(view, axis);
                in &= at >= 0 && at < size.side(axis);
            }
            if (in) {
                inside.add(i);
            }
        }
        if (inside.isEmpty()) {
            return null;
        }
        float[] coordinates = new float[3 * inside.size()], labels = new float[inside.size()];
        for (int n = 0; n < labels.length; n++) {
            for (int axis = 0; axis < 3; axis++) {
                coordinates[3 * n + axis] = clicks.coordinate(inside.get(n), axis) - start(view, axis);
            }
            labels[n] = clicks.label(inside.get(n));
        }
        return new Clicks(coordinates, labels);
    }
}
