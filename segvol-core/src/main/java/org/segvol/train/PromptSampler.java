package org.segvol.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.LabelPrompts;
import org.segvol.prompt.NetworkBox;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.pseudo.Cleansing;
import org.segvol.weights.Extent;

/** Chooses what is asked of a view: structures, prompt mixes, clicks and boxes from the labels (spec 5.3). */
final class PromptSampler {
    private static final int MOST_EXTRA = 10; // of the pseudo-label branch
    private static final int PSEUDO_PASSES = 6;
    private static final double MOSTLY = 0.9;

    private final Extent window;
    private final FineTuneOptions options;
    private final List<String> vocabulary;

    /**
     * A sampler.
     *
     * @param vocabulary all structures of the data set, each with a text of its own
     */
    PromptSampler(Extent window, FineTuneOptions options, List<String> vocabulary) {
        this.window = window;
        this.options = options;
        this.vocabulary = vocabulary;
    }

    /** Clicks of a training prompt, fillers included (spec 5.3: 21). */
    static int clicks(FineTuneOptions options) {
        return 1 + 2 * Math.max(options.extraClicks(), options.pseudoWeight() > 0 ? MOST_EXTRA : 0);
    }

    /**
     * Requests of one view, of {@code image}; texts are indices into the vocabulary.
     *
     * @param named the structures that the view's case names, by label value; of others it does not say whether they are there
     */
    List<Request> next(View view, SortedMap<Integer, String> named, int image, SplitMixChooser random) {
        List<Integer> values = new ArrayList<>(view.targets().keySet());
        List<Request> requests = new ArrayList<>();
        for (int value : asked(view, values, random)) {
            Request asked = new Request(
                    image,
                    null,
                    null,
                    vocabulary.indexOf(named.get(value)),
                    view.targets().get(value),
                    1);
            add(requests, asked, view.window(), random);
        }
        if (random.unit() < options.absent()) {
            Set<String> absent = new HashSet<>(named.values());
            view.targets().keySet().forEach(value -> absent.remove(named.get(value)));
            List<String> missing = vocabulary.stream().filter(absent::contains).toList();
            if (!missing.isEmpty()) {
                int text = vocabulary.indexOf(missing.get(random.one(missing.size())));
                NetworkBox box = view.window() && random.one(2) == 0 ? NetworkBox.EMPTY : null;
                requests.add(new Request(image, null, box, text, new float[window.count()], 1));
            }
        }
        return requests;
    }

    /** Label values of the structures that are asked for: those that must be, then others at random. */
    private Set<Integer> asked(View view, List<Integer> values, SplitMixChooser random) {
        Set<Integer> asked = new LinkedHashSet<>();
        if (options.focus() > 0 && random.unit() < options.focus() && values.contains(view.about())) {
            asked.add(view.about());
        }
        if (options.smallest() > 0 && random.unit() < options.smallest() && !values.isEmpty()) {
            asked.add(Collections.min(
                    values,
                    Comparator.comparingDouble(value -> size(view.targets().get(value)))));
        }
        int[] order = random.some(values.size(), options.organsPerStep());
        for (int i = 0; i < order.length && asked.size() < options.organsPerStep(); i++) {
            asked.add(values.get(order[i]));
        }
        return asked;
    }

    private static double size(float[] target) {
        double sum = 0;
        for (float t : target) {
            sum += t;
        }
        return sum;
    }

    /**
     * The pseudo-label branch (spec 5.4): six masks of regions of the view, by clicks and by box in turn, or none when there are no regions.
     *
     * @param weight of their losses together
     */
    List<Request> pseudo(View view, int image, double weight, SplitMixChooser random) {
        List<Request> requests = new ArrayList<>();
        float[] ids = view.pseudo();
        if (ids == null) {
            return requests;
        }
        TreeSet<Float> present = new TreeSet<>();
        for (float id : ids) {
            if (id != Cleansing.NONE) {
                present.add(id);
            }
        }
        if (present.isEmpty()) {
            return requests;
        }
        Float[] regions = present.toArray(new Float[0]);
        for (int pass = 0; pass < PSEUDO_PASSES; pass++) {
            float region = regions[random.one(regions.length)];
            byte[] mask = new byte[ids.length];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte) (ids[i] == region ? 1 : 0);
            }
            if (pass % 2 == 0) {
                int inside = 4 + random.one(MOST_EXTRA - 3), outside = random.one(MOST_EXTRA + 1);
                Clicks clicks = LabelPrompts.clicks(mask, window, inside, outside, clicks(options) - 1, random);
                requests.add(new Request(image, clicks, null, -1, floats(mask), weight / PSEUDO_PASSES));
            } else {
                NetworkBox box = LabelPrompts.box(mask, window);
                requests.add(new Request(image, null, box, -1, inBox(ids, box), weight / PSEUDO_PASSES));
            }
        }
        return requests;
    }

    /** All regions of which more than nine tenths lie in a box. */
    private float[] inBox(float[] ids, NetworkBox box) {
        Map<Float, int[]> counts = new TreeMap<>();
        for (int i = 0; i < ids.length; i++) {
            int[] count = counts.computeIfAbsent(ids[i], id -> new int[2]);
            count[0]++;
            count[1] += inside(i, box) ? 1 : 0;
        }
        float[] target = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            int[] count = counts.get(ids[i]);
            target[i] = ids[i] != Cleansing.NONE && count[1] > MOSTLY * count[0] ? 1 : 0;
        }
        return target;
    }

    private boolean inside(int index, NetworkBox box) {
        int d = index / (window.h() * window.w()), h = index / window.w() % window.h(), w = index % window.w();
        return d >= box.d0() && d <= box.d1() && h >= box.h0() && h <= box.h1() && w >= box.w0() && w <= box.w1();
    }

    private static float[] floats(byte[] mask) {
        float[] values = new float[mask.length];
        for (int i = 0; i < mask.length; i++) {
            values[i] = mask[i];
        }
        return values;
    }

    /** @param whole what is asked for, with its name as the prompt */
    private void add(List<Request> requests, Request whole, boolean inWindow, SplitMixChooser random) {
        float[] target = whole.target();
        byte[] certain = LabelPrompts.certain(target, false);
        NetworkBox box = LabelPrompts.box(target, window);
        if (inWindow && options.boxError() > 0) {
            box = inexact(box, random);
        }
        Clicks clicks = LabelPrompts.clicks(
                certain,
                window,
                random.one(options.extraClicks() + 1),
                random.one(options.extraClicks() + 1),
                clicks(options) - 1,
                random);
        PromptMix[] all = PromptMix.values();
        for (int m : random.some(all.length, options.masksPerOrgan())) {
            PromptMix mix = all[m];
            requests.add(new Request(
                    whole.image(),
                    mix.clicks() ? clicks : null,
                    mix.box() ? box : null,
                    mix.text() ? whole.text() : -1,
                    target,
                    1));
        }
    }

    /** A box as a first look would find it: each face off by up to a share of the side, one voxel at least, inside the window. */
    private NetworkBox inexact(NetworkBox box, SplitMixChooser random) {
        int[] lo = {box.d0(), box.h0(), box.w0()}, hi = {box.d1(), box.h1(), box.w1()};
        for (int axis = 0; axis < 3; axis++) {
            int most = Math.max(1, (int) Math.round(options.boxError() * (hi[axis] - lo[axis] + 1)));
            int first = lo[axis] + random.one(2 * most + 1) - most, last = hi[axis] + random.one(2 * most + 1) - most;
            lo[axis] = Math.max(0, Math.min(first, hi[axis]));
            hi[axis] = Math.min(window.side(axis) - 1, Math.max(last, lo[axis]));
        }
        return new NetworkBox(lo[0], lo[1], lo[2], hi[0], hi[1], hi[2]);
    }
}
