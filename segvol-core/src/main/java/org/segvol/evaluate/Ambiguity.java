package org.segvol.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.segvol.Options;
import org.segvol.Prompt;
import org.segvol.SegVol;
import org.segvol.Segmentation;
import org.segvol.Session;
import org.segvol.data.LabelledCase;
import org.segvol.data.LoadedCase;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paper's experiment on ambiguous prompts, with one's own data: a click or a box that two structures share is asked alone, with the one's name and
 * with the other's; each answer is compared with both.
 *
 * @param answers by case, pair, place and word, in this order
 * @param examples for a picture: each pair and place in the first case that has both structures
 * @param options of the inference; the seed draws the clicks
 */
public record Ambiguity(List<Answer> answers, List<Example> examples, Options options) {
    private static final Logger LOG = LoggerFactory.getLogger(Ambiguity.class);

    /** The words that go with a place, in their order: none, the first name, the second name. */
    public static final int WORDS = 3;

    /**
     * What one prompt gave.
     *
     * @param caseName the case
     * @param pair what could be meant
     * @param place what was pointed with
     * @param word the name that went with it, or null
     * @param first Dice with the pair's first structure
     * @param second Dice with its second
     */
    public record Answer(
            String caseName, AmbiguityPair pair, AmbiguityPair.Place place, String word, double first, double second) {
        /** Whether it agrees better with the pair's first structure; not with both, and not where nothing was found. */
        public boolean isFirst() {
            return first > second;
        }

        /** Whether it agrees better with the second. */
        public boolean isSecond() {
            return second > first;
        }
    }

    /**
     * One place of one case, for a picture.
     *
     * @param image the CT
     * @param first the pair's first structure
     * @param second its second
     * @param prompt the click or the box
     * @param found the answers, one for each word
     * @param answers their scores
     */
    public record Example(
            Volume image, Mask first, Mask second, Prompt prompt, List<Mask> found, List<Answer> answers) {}

    /** Copies the lists. */
    public Ambiguity {
        answers = List.copyOf(answers);
        examples = List.copyOf(examples);
    }

    /**
     * Checks pairs before anything is loaded.
     *
     * @throws IllegalArgumentException when a name occurs nowhere, or no case names both structures of a pair
     */
    public static void requirePairs(List<LabelledCase> cases, List<AmbiguityPair> pairs) {
        for (AmbiguityPair pair : pairs) {
            List<String> both = List.of(pair.first(), pair.second());
            Evaluator.requireNames(cases, both);
            if (cases.stream().noneMatch(one -> one.names().values().containsAll(both))) {
                throw new IllegalArgumentException(
                        "none of the " + cases.size() + " cases names both structures of " + pair);
            }
        }
    }

    /**
     * Asks for all pairs in all cases. A pair whose masks have no voxel in common is asked by a box alone; one that no case has both structures of is
     * logged.
     *
     * @param options of the inference; progress counts cases
     * @throws IllegalArgumentException when a name occurs nowhere, or no case has both structures of any pair
     * @throws org.segvol.data.DataSetException when a case's files do not belong together, or its CT is constant or not finite
     * @throws IOException when a file cannot be read
     * @throws java.util.concurrent.CancellationException when the progress listener asked to stop
     */
    public static Ambiguity run(SegVol model, List<LabelledCase> cases, List<AmbiguityPair> pairs, Options options)
            throws IOException {
        requirePairs(cases, pairs);
        List<Answer> answers = new ArrayList<>();
        List<Example> examples = new ArrayList<>();
        for (int n = 0; n < cases.size(); n++) {
            options.progress().update("cases", n, cases.size());
            LoadedCase loaded = cases.get(n).load();
            Map<String, Integer> values = new TreeMap<>();
            loaded.structures().forEach((value, name) -> values.put(name, value));
            try (Session session =
                    Evaluator.open(model, loaded, options.withProgress(new CancelOnly(options.progress())))) {
                for (AmbiguityPair pair : pairs) {
                    if (values.containsKey(pair.first()) && values.containsKey(pair.second())) {
                        Mask first = loaded.mask(values.get(pair.first())),
                                second = loaded.mask(values.get(pair.second()));
                        for (AmbiguityPair.Place place : AmbiguityPair.Place.values()) {
                            Prompt prompt = prompt(place, first, second, options.seed());
                            if (prompt != null) {
                                Example example = ask(session, loaded, pair, place, prompt, first, second);
                                answers.addAll(example.answers());
                                add(examples, example);
                            }
                        }
                    }
                }
            }
        }
        if (answers.isEmpty()) {
            throw new IllegalArgumentException(
                    "none of the " + cases.size() + " cases has both structures of a pair of " + pairs);
        }
        for (AmbiguityPair pair : pairs) {
            if (answers.stream().noneMatch(answer -> answer.pair().equals(pair))) {
                LOG.info("none of the {} cases has a voxel of both structures of {}", cases.size(), pair);
            }
        }
        return new Ambiguity(answers, examples, options);
    }

    private static Prompt prompt(AmbiguityPair.Place place, Mask first, Mask second, long seed) {
        if (place == AmbiguityPair.Place.BOX) {
            return Prompt.NONE.box(AmbiguityPair.boxAround(first, second));
        }
        var click = AmbiguityPair.commonVoxel(first, second, seed);
        return click == null ? null : Prompt.NONE.point(click);
    }

    private static Example ask(
            Session session,
            LoadedCase loaded,
            AmbiguityPair pair,
            AmbiguityPair.Place place,
            Prompt prompt,
            Mask first,
            Mask second) {
        List<String> words = Arrays.asList(null, pair.first(), pair.second());
        List<Prompt> prompts = words.stream()
                .map(word -> word == null ? prompt : prompt.andText(word.replace('_', ' ')))
                .toList();
        List<Mask> found =
                session.segmentAll(prompts).stream().map(Segmentation::mask).toList();
        List<Answer> answers = new ArrayList<>();
        for (int n = 0; n < WORDS; n++) {
            answers.add(new Answer(
                    loaded.source().name(),
                    pair,
                    place,
                    words.get(n),
                    dice(found.get(n), first),
                    dice(found.get(n), second)));
        }
        return new Example(loaded.image(), first, second, prompt, found, answers);
    }

    private static double dice(Mask found, Mask label) {
        return 2.0 * Mask.countCommon(found, label) / (found.count() + label.count());
    }

    private static void add(List<Example> examples, Example example) {
        Answer own = example.answers().get(0);
        boolean known = examples.stream()
                .map(other -> other.answers().get(0))
                .anyMatch(other -> other.pair().equals(own.pair()) && other.place() == own.place());
        if (!known) {
            examples.add(example);
        }
    }
}
