package org.segvol.evaluate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.segvol.Mode;
import org.segvol.Options;
import org.segvol.infer.ZoomInference;

/**
 * What is measured.
 *
 * @param prompts kinds of prompts, each once
 * @param modes how volumes are looked at, each once
 * @param names structures to measure; empty for all that the data names
 * @param tolerance of the normalised surface distance, mm
 * @param inference all other choices of the inference; its mode is not looked at, its seed draws the clicks
 */
public record EvaluationOptions(
        List<PromptKind> prompts, List<Mode> modes, Set<String> names, double tolerance, Options inference) {
    /** Every kind of prompt by the published method; a tolerance of 2 mm. */
    public static final EvaluationOptions DEFAULT = new EvaluationOptions(
            List.of(PromptKind.values()), List.of(Mode.ZOOM), Set.of(), MaskScores.DEFAULT_TOLERANCE, Options.DEFAULT);

    /** Checks that there is something to do and that the variant allows it. */
    public EvaluationOptions {
        prompts = List.copyOf(new LinkedHashSet<>(prompts));
        modes = List.copyOf(new LinkedHashSet<>(modes));
        names = Set.copyOf(names);
        if (prompts.isEmpty() || modes.isEmpty()) {
            throw new IllegalArgumentException("at least one kind of prompt and one mode are needed");
        }
        if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the tolerance is a distance in mm, 0 or more, found " + tolerance);
        }
        if (modes.contains(Mode.ZOOM)) {
            prompts.forEach(kind -> ZoomInference.requireAllowed(inference.variant(), kind.box(), kind.clicks()));
        }
    }
}
