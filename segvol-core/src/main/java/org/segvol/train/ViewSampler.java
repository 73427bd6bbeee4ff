package org.segvol.train;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.pseudo.AreaResize;
import org.segvol.weights.Extent;

/** Makes views of cases: the whole volume at window size, or a random window (spec 5.1). */
final class ViewSampler {
    private static final int TRIES = 1000;

    private final Extent window;
    private final FineTuneOptions options;

    ViewSampler(Extent window, FineTuneOptions options) {
        this.window = window;
        this.options = options;
    }

    /** A random view with its augmentations. */
    View next(TrainingCase of, SplitMixChooser random) {
        View view = random.unit() < options.zoomOut() ? zoomOut(of) : window(of, random);
        for (int axis = 0; axis < 3; axis++) {
            if (random.unit() < options.flip()) {
                flip(view, axis);
            }
        }
        if (random.unit() < options.intensity()) {
            float scale = (float) (1 + options.intensityRange() * (2 * random.unit() - 1));
            change(view.image(), scale, 0);
        }
        if (random.unit() < options.intensity()) {
            change(view.image(), 1, (float) (options.intensityRange() * (2 * random.unit() - 1)));
        }
        return view;
    }

    private static void change(float[] values, float scale, float shift) {
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] * scale + shift;
        }
    }

    /** The whole volume. */
    View zoomOut(TrainingCase of) {
        return options.resize() == FineTuneOptions.ViewResize.AREA ? averaged(of) : chosen(of);
    }

    private View chosen(TrainingCase of) {
        int[] ds = of.image().zoomIndex(0, window), hs = of.image().zoomIndex(1, window);
        int[] ws = of.image().zoomIndex(2, window);
        short[] labels = new short[window.count()];
        IntStream.range(0, window.d()).parallel().forEach(d -> {
            int at = d * window.h() * window.w();
            for (int h = 0; h < window.h(); h++) {
                for (int w = 0; w < window.w(); w++) {
                    labels[at++] = (short) of.label(ds[d], hs[h], ws[w]);
                }
            }
        });
        return new View(of.image().zoomOut(window), targets(of, labels));
    }

    private SortedMap<Integer, float[]> targets(TrainingCase of, short[] labels) {
        SortedMap<Integer, float[]> targets = new TreeMap<>();
        for (int i = 0; i < labels.length; i++) {
            int value = labels[i] & 0xffff;
            if (value != 0 && of.structures().containsKey(value)) {
                targets.computeIfAbsent(value, v -> new float[labels.length])[i] = 1;
            }
        }
        return targets;
    }

    /** Padded to the window, then averaged (spec 5.1): labels become fractions. */
    private View averaged(TrainingCase of) {
        Extent n = of.image().extent();
        Extent padded =
                new Extent(Math.max(n.d(), window.d()), Math.max(n.h(), window.h()), Math.max(n.w(), window.w()));
        int d0 = (padded.d() - n.d()) / 2, h0 = (padded.h() - n.h()) / 2, w0 = (padded.w() - n.w()) / 2;
        float[] image = new float[padded.count()];
        float[] whole = new float[n.count()];
        of.image().copy(0, 0, 0, n, whole);
        for (int d = 0; d < n.d(); d++) {
            for (int h = 0; h < n.h(); h++) {
                int to = ((d + d0) * padded.h() + h + h0) * padded.w() + w0;
                System.arraycopy(whole, (d * n.h() + h) * n.w(), image, to, n.w());
            }
        }
        SortedMap<Integer, float[]> targets = new TreeMap<>();
        for (int value : of.structures().keySet()) {
            float[] mask = new float[padded.count()];
            for (int d = 0; d < n.d(); d++) {
                for (int h = 0; h < n.h(); h++) {
                    int to = ((d + d0) * padded.h() + h + h0) * padded.w() + w0;
                    for (int w = 0; w < n.w(); w++) {
                        mask[to + w] = of.label(d, h, w) == value ? 1 : 0;
                    }
                }
            }
            targets.put(value, AreaResize.resize(mask, padded, window));
        }
        return new View(AreaResize.resize(image, padded, window), targets);
    }

    /** A random window, zeros where it leaves the volume. */
    private View window(TrainingCase of, SplitMixChooser random) {
        return crop(of, centre(of, random));
    }

    /** A window drawn by {@code random}, without augmentations. */
    View fixedWindow(TrainingCase of, SplitMixChooser random) {
        return window(of, random);
    }

    /** The window around a voxel, moved inside the volume where there is room. */
    private View crop(TrainingCase of, int[] centre) {
        Extent n = of.image().extent();
        int[] start = new int[3], from = new int[3], size = new int[3], to = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int side = window.side(axis), all = n.side(axis);
            if (all >= side) {
                start[axis] = Math.max(0, Math.min(all - side, centre[axis] - side / 2));
                size[axis] = side;
            } else {
                to[axis] = (side - all) / 2;
                size[axis] = all;
            }
            from[axis] = start[axis];
        }
        Extent part = new Extent(size[0], size[1], size[2]);
        float[] values = new float[part.count()];
        of.image().copy(from[0], from[1], from[2], part, values);
        float[] image = new float[window.count()];
        short[] labels = new short[window.count()];
        for (int d = 0; d < part.d(); d++) {
            for (int h = 0; h < part.h(); h++) {
                int at = ((d + to[0]) * window.h() + h + to[1]) * window.w() + to[2];
                System.arraycopy(values, (d * part.h() + h) * part.w(), image, at, part.w());
                for (int w = 0; w < part.w(); w++) {
                    labels[at + w] = (short) of.label(from[0] + d, from[1] + h, from[2] + w);
                }
            }
        }
        return new View(image, targets(of, labels));
    }

    private int[] centre(TrainingCase of, SplitMixChooser random) {
        Extent n = of.image().extent();
        if (random.unit() < options.foreground() && !of.structures().isEmpty()) {
            Integer[] values = of.structures().keySet().toArray(new Integer[0]);
            int[] centres = of.centres(values[random.one(values.length)]);
            return point(centres[random.one(centres.length)], n);
        }
        int[] point = {0, 0, 0};
        for (int i = 0; i < TRIES; i++) {
            point = point(random.one(n.count()), n);
            if (of.image().at(point[0], point[1], point[2]) > 0 && of.label(point[0], point[1], point[2]) == 0) {
                break;
            }
        }
        return point;
    }

    private static int[] point(int index, Extent n) {
        return new int[] {index / (n.h() * n.w()), index / n.w() % n.h(), index % n.w()};
    }

    private void flip(View view, int axis) {
        flip(view.image(), axis);
        view.targets().values().forEach(target -> flip(target, axis));
    }

    private void flip(float[] values, int axis) {
        int stride = axis == 0 ? window.h() * window.w() : axis == 1 ? window.w() : 1, side = window.side(axis);
        for (int i = 0; i < values.length; i++) {
            int at = i / stride % side, other = i + (side - 1 - 2 * at) * stride;
            if (other > i) {
                float swap = values[i];
                values[i] = values[other];
                values[other] = swap;
            }
        }
    }
}
