package org.segvol.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.segvol.LabelMap;
import org.segvol.Options;
import org.segvol.Prompt;
import org.segvol.SegVol;
import org.segvol.Segmentation;
import org.segvol.Session;
import org.segvol.evaluate.PromptKind;
import org.segvol.image.Mask;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.Structure;
import org.segvol.prompt.SplitMixChooser;

/**
 * Every structure of a phantom, asked for by its name, by a box, by one click, and by its name with a box.
 *
 * @param phantom what was segmented
 * @param structures what it holds, in the order of their labels
 * @param labels the voxels of each; the liver has its lesions
 * @param encodeSeconds what the first look at the whole volume took, once for all prompts
 * @param rounds one for each kind of prompt
 */
public record Demonstration(
        Phantom phantom, List<Structure> structures, List<Mask> labels, double encodeSeconds, List<Round> rounds) {
    /** The kinds of prompts, in their order. */
    public static final List<PromptKind> KINDS =
            List.of(PromptKind.TEXT, PromptKind.BOX, PromptKind.POINT, PromptKind.TEXT_BOX);

    /** Told before each kind of prompt. */
    public interface Listener {
        /**
         * A kind of prompt comes next.
         *
         * @param kind which
         */
        void next(PromptKind kind);
    }

    /**
     * All structures asked for in one way.
     *
     * @param kind in which way
     * @param prompts what was asked, one for each structure
     * @param found the structures in one grid; where they overlap the higher probability has the voxel
     * @param dice of each structure's own mask
     * @param seconds that all of them took
     * @param encoderPasses windows that were encoded
     */
    public record Round(
            PromptKind kind,
            List<Prompt> prompts,
            LabelMap found,
            List<Double> dice,
            double seconds,
            int encoderPasses) {
        /** The masks, one for each structure. */
        public List<Mask> masks() {
            return found.structures().stream().map(Segmentation::mask).toList();
        }

        /** The mean of the structures' Dice. */
        public double meanDice() {
            return dice.stream().mapToDouble(d -> d).average().orElse(Double.NaN);
        }
    }

    /** Copies the lists. */
    public Demonstration {
        structures = List.copyOf(structures);
        labels = List.copyOf(labels);
        rounds = List.copyOf(rounds);
    }

    /**
     * Segments a phantom. Boxes are the labels' own, clicks are drawn among the labels' voxels.
     *
     * @param options of the session; the seed draws the clicks
     * @param listener told what comes next
     * @throws java.util.concurrent.CancellationException when the options' progress listener asked to stop
     */
    public static Demonstration run(SegVol model, Phantom phantom, Options options, Listener listener) {
        List<Structure> structures = new ArrayList<>();
        List<Mask> labels = new ArrayList<>();
        for (Map.Entry<Structure, Mask> entry : phantom.masks().entrySet()) {
            if (!entry.getValue().isEmpty()) {
                structures.add(entry.getKey());
                labels.add(entry.getValue());
            }
        }
        List<Round> rounds = new ArrayList<>();
        try (Session session = model.open(phantom.image(), options)) {
            long start = System.nanoTime();
            session.encode();
            double encoding = (System.nanoTime() - start) / 1e9;
            for (PromptKind kind : KINDS) {
                listener.next(kind);
                SplitMixChooser clicks = new SplitMixChooser(options.seed());
                List<Prompt> prompts = new ArrayList<>();
                for (int n = 0; n < labels.size(); n++) {
                    prompts.add(prompt(kind, structures.get(n), labels.get(n), clicks));
                }
                rounds.add(round(session, kind, prompts, labels));
            }
            return new Demonstration(phantom, structures, labels, encoding, rounds);
        }
    }

    private static Prompt prompt(PromptKind kind, Structure structure, Mask label, SplitMixChooser clicks) {
        Prompt prompt = Prompt.NONE;
        if (kind.text()) {
            prompt = prompt.andText(structure.title());
        }
        if (kind.box()) {
            prompt = prompt.box(label.bounds());
        }
        if (kind.clicks()) {
            int index = label.nextSet(0);
            for (int left = clicks.one(Math.toIntExact(label.count())); left > 0; left--) {
                index = label.nextSet(index + 1);
            }
            prompt = prompt.point(label.size().point(index));
        }
        return prompt;
    }

    private static Round round(Session session, PromptKind kind, List<Prompt> prompts, List<Mask> labels) {
        long start = System.nanoTime();
        LabelMap map = session.segmentMap(prompts);
        double seconds = (System.nanoTime() - start) / 1e9;
        List<Double> dice = new ArrayList<>();
        int passes = 0;
        for (int n = 0; n < labels.size(); n++) {
            Segmentation found = map.structures().get(n);
            long sum = found.mask().count() + labels.get(n).count();
            dice.add(2.0 * Mask.countCommon(found.mask(), labels.get(n)) / sum);
            passes += found.encoderPasses();
        }
        return new Round(kind, List.copyOf(prompts), map, List.copyOf(dice), seconds, passes);
    }
}
