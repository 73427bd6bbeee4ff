package org.segvol.train;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.pseudo.AreaResize;
import org.segvol.pseudo.Cleansing;
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
        return view.pseudo() == null
                ? view
                : new View(
                        view.image(),
                        Cleansing.cleanse(view.pseudo(), window, Cleansing.PUBLISHED_SHARE),
                        view.window(),
                        view.about(),
                        view.targets());
    }

    private float[] noRegions(TrainingCase of) {
        if (!of.hasPseudo()) {
            return null;
        }
        float[] ids = new float[window.count()];
        Arrays.fill(ids, Cleansing.NONE);
        return ids;
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
        float[] pseudo = noRegions(of);
        IntStream.range(0, window.d()).parallel().forEach(d -> {
            int at = d * window.h() * window.w();
            for (int h = 0; h < window.h(); h++) {
                for (int w = 0; w < window.w(); w++) {
                    labels[at] = (short) of.label(ds[d], hs[h], ws[w]);
                    if (pseudo != null) {
                        pseudo[at] = of.pseudo(ds[d], hs[h], ws[w]);
                    }
                    at++;
                }
            }
        });
        return new View(of.image().zoomOut(window), pseudo, false, 0, targets(of, labels));
    }

    private SortedMap<Integer, float[]> targets(TrainingCase of, short[] labels) {
        SortedMap<Integer, float[]> targets = new TreeMap<>();
        for (int i = 0; i < labels.length; i++) {
            for (int value : of.owners(labels[i] & 0xffff)) {
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
                        mask[to + w] = isOf(value, of.owners(of.label(d, h, w)));
                    }
                }
            }
            targets.put(value, AreaResize.resize(mask, padded, window));
        }
        float[] pseudo = null;
        if (of.hasPseudo()) {
            float[] ids = new float[padded.count()];
            Arrays.fill(ids, Cleansing.NONE);
            for (int d = 0; d < n.d(); d++) {
                for (int h = 0; h < n.h(); h++) {
                    int to = ((d + d0) * padded.h() + h + h0) * padded.w() + w0;
                    for (int w = 0; w < n.w(); w++) {
                        ids[to + w] = of.pseudo(d, h, w);
                    }
                }
            }
            pseudo = AreaResize.resize(ids, padded, window);
        }
        return new View(AreaResize.resize(image, padded, window), pseudo, false, 0, targets);
    }

    private static int isOf(int value, int[] owners) {
        for (int owner : owners) {
            if (owner == value) {
                return 1;
            }
        }
        return 0;
    }

    /** A window drawn by {@code random}, without augmentations. */
    View fixedWindow(TrainingCase of, SplitMixChooser random) {
        return window(of, random);
    }

    /** A random window, zeros where it leaves the volume or the region that it shows. */
    private View window(TrainingCase of, SplitMixChooser random) {
        Extent n = of.image().extent();
        if (random.unit() < options.regions() && !of.structures().isEmpty()) {
            int about = structure(of, random);
            return inRegion(of, about, regionOf(of, about, random), random);
        }
        int about = random.unit() < options.foreground() && !of.structures().isEmpty() ? structure(of, random) : 0;
        int[] centre = about == 0 ? background(of, random) : centre(of, about, random), start = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            start[axis] = Math.max(0, Math.min(n.side(axis) - window.side(axis), centre[axis] - window.side(axis) / 2));
        }
        return crop(of, about, new int[][] {{0, 0, 0}, {n.d(), n.h(), n.w()}}, start);
    }

    /** A region as zooming in makes it (spec 4.4) around a structure whose extent was found a little wrong: first and end of each axis. */
    private int[][] regionOf(TrainingCase of, int about, SplitMixChooser random) {
        Extent n = of.image().extent();
        int[][] extent = of.extent(about);
        int[][] region = new int[2][3];
        for (int axis = 0; axis < 3; axis++) {
            int side = extent[1][axis] - extent[0][axis] + 1, error = Math.max(1, (int) (options.regionError() * side));
            int lo = Math.max(0, extent[0][axis] + random.one(2 * error + 1) - error);
            int hi = Math.min(n.side(axis) - 1, Math.max(lo, extent[1][axis] + random.one(2 * error + 1) - error));
            int grow = Math.max(0, window.side(axis) - (hi - lo + 1)) / 2;
            region[0][axis] = Math.max(0, lo - grow);
            region[1][axis] = Math.min(n.side(axis), Math.min(n.side(axis), hi + grow) + 1);
        }
        return region;
    }

    /** One of the windows that slide over a region (spec 4.6). */
    private View inRegion(TrainingCase of, int about, int[][] region, SplitMixChooser random) {
        int[] start = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int side = region[1][axis] - region[0][axis], over = side - window.side(axis);
            start[axis] = region[0][axis];
            if (over > 0) {
                int step = Math.max(1, window.side(axis) / 2);
                start[axis] += Math.min(over, step * random.one((over + step - 1) / step + 1));
            }
        }
        return crop(of, about, region, start);
    }

    /**
     * What a window sees of a part of the volume, in the window's middle where the part is smaller.
     *
     * @param part first plane and end (exclusive) of each axis
     * @param start of the window, inside the part
     */
    private View crop(TrainingCase of, int about, int[][] part, int[] start) {
        int[] size = new int[3], to = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int side = part[1][axis] - part[0][axis];
            size[axis] = Math.min(window.side(axis), side);
            to[axis] = (window.side(axis) - size[axis]) / 2;
            start[axis] = size[axis] < window.side(axis) ? part[0][axis] : start[axis];
        }
        Extent seen = new Extent(size[0], size[1], size[2]);
        float[] values = new float[seen.count()];
        of.image().copy(start[0], start[1], start[2], seen, values);
        float[] image = new float[window.count()];
        short[] labels = new short[window.count()];
        float[] pseudo = noRegions(of);
        for (int d = 0; d < seen.d(); d++) {
            for (int h = 0; h < seen.h(); h++) {
                int at = ((d + to[0]) * window.h() + h + to[1]) * window.w() + to[2];
                System.arraycopy(values, (d * seen.h() + h) * seen.w(), image, at, seen.w());
                for (int w = 0; w < seen.w(); w++) {
                    labels[at + w] = (short) of.label(start[0] + d, start[1] + h, start[2] + w);
                    if (pseudo != null) {
                        pseudo[at + w] = of.pseudo(start[0] + d, start[1] + h, start[2] + w);
                    }
                }
            }
        }
        return new View(image, pseudo, true, about, targets(of, labels));
    }

    private int structure(TrainingCase of, SplitMixChooser random) {
        if (options.smallWindows() > 0 && random.unit() < options.smallWindows()) {
            return of.smallest();
        }
        Integer[] values = of.structures().keySet().toArray(new Integer[0]);
        return values[random.one(values.length)];
    }

    private static int[] centre(TrainingCase of, int about, SplitMixChooser random) {
        int[] centres = of.centres(about);
        return point(centres[random.one(centres.length)], of.image().extent());
    }

    /** A voxel with something in it that is no structure, if one is found soon. */
    private static int[] background(TrainingCase of, SplitMixChooser random) {
        Extent n = of.image().extent();
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
        if (view.pseudo() != null) {
            flip(view.pseudo(), axis);
        }
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
