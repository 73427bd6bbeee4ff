package org.segvol.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.LabelPrompts;
import org.segvol.prompt.NetworkBox;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.weights.Extent;

/** Chooses what is asked of a view: structures, prompt mixes, clicks and boxes from the labels (spec 5.3). */
final class PromptSampler {
    /** Clicks of a training prompt, fillers included: one and up to 20 more. */
    static final int CLICKS = 21;

    private static final int MOST_EXTRA = 10;

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

    /** Requests of one view, of {@code image}; texts are indices into the vocabulary. */
    List<Request> next(View view, SortedMap<Integer, String> structures, int image, SplitMixChooser random) {
        List<Integer> values = new ArrayList<>(view.targets().keySet());
        List<Request> requests = new ArrayList<>();
        int[] order = random.some(values.size(), options.organsPerStep());
        for (int index : order) {
            int value = values.get(index);
            add(requests, view.targets().get(value), vocabulary.indexOf(structures.get(value)), image, random);
        }
        if (random.unit() < options.absent()) {
            List<String> missing = new ArrayList<>(vocabulary);
            for (Map.Entry<Integer, String> one : structures.entrySet()) {
                if (view.targets().containsKey(one.getKey())) {
                    missing.remove(one.getValue());
                }
            }
            if (!missing.isEmpty()) {
                int text = vocabulary.indexOf(missing.get(random.one(missing.size())));
                requests.add(new Request(image, null, null, text, new float[window.count()], 1));
            }
        }
        return requests;
    }

    private void add(List<Request> requests, float[] target, int text, int image, SplitMixChooser random) {
        byte[] certain = LabelPrompts.certain(target, false);
        byte[] extent = new byte[target.length];
        for (int i = 0; i < target.length; i++) {
            extent[i] = (byte) (target[i] > 0 ? 1 : 0);
        }
        NetworkBox box = LabelPrompts.box(extent, window);
        Clicks clicks = LabelPrompts.clicks(
                certain, window, random.one(MOST_EXTRA + 1), random.one(MOST_EXTRA + 1), CLICKS - 1, random);
        PromptMix[] all = PromptMix.values();
        for (int m : random.some(all.length, options.masksPerOrgan())) {
            PromptMix mix = all[m];
            requests.add(new Request(
                    image, mix.clicks() ? clicks : null, mix.box() ? box : null, mix.text() ? text : -1, target, 1));
        }
    }
}
