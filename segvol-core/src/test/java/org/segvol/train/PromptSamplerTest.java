package org.segvol.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.Extent;

class PromptSamplerTest {
    private static final Extent WINDOW = TestConfigs.MINI.window();
    private static final List<String> VOCABULARY = List.of("liver", "spleen", "pancreas");

    private final PromptSampler sampler =
            new PromptSampler(WINDOW, FineTuneOptions.DEFAULT.with(o -> o.absent = 1), VOCABULARY);

    /** The texts of the masks that are to be empty, in many views of a case in which only the liver is seen. */
    private Set<Integer> askedInVain(SortedMap<Integer, String> named) {
        SortedMap<Integer, float[]> targets = new TreeMap<>();
        float[] liver = new float[WINDOW.count()];
        liver[WINDOW.count() / 2] = 1;
        targets.put(1, liver);
        View view = new View(new float[WINDOW.count()], null, true, 1, targets);
        Set<Integer> texts = new TreeSet<>();
        for (int seed = 0; seed < 20; seed++) {
            for (Request request : sampler.next(view, named, 0, new SplitMixChooser(seed))) {
                if (request.target() != liver) {
                    texts.add(request.text());
                }
            }
        }
        return texts;
    }

    @Test
    void onlyWhatTheCaseNamesIsAbsent() {
        SortedMap<Integer, String> named = new TreeMap<>();
        named.put(1, "liver");
        assertThat(askedInVain(named)).isEmpty();
        named.put(7, "pancreas");
        assertThat(askedInVain(named)).containsExactly(2);
    }
}
