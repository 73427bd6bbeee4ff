package org.segvol.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.segvol.Mode;

/** The paper's figures for the user's own data: Dice and normalised surface distance by structure and prompt, and the modes side by side. */
public final class EvaluationCharts {
    private EvaluationCharts() {}

    /** All charts by a name that can be a file's: {@code dice-MODE} and {@code nsd-MODE}, and {@code modes} when there are several. */
    public static Map<String, ViolinChart> of(Evaluation evaluation) {
        Map<String, ViolinChart> charts = new LinkedHashMap<>();
        for (Mode mode : evaluation.options().modes()) {
            charts.put("dice-" + mode.word(), byStructure(evaluation, mode, "Dice", m -> m.scores()
                    .dice()));
            charts.put(
                    "nsd-" + mode.word(), byStructure(evaluation, mode, "normalised surface distance", m -> m.scores()
                            .surfaceDice()));
        }
        if (evaluation.options().modes().size() > 1) {
            charts.put("modes", modes(evaluation));
        }
        return charts;
    }

    private static ViolinChart byStructure(
            Evaluation evaluation, Mode mode, String axis, ToDoubleFunction<Measurement> value) {
        List<PromptKind> kinds = evaluation.options().prompts();
        List<ViolinChart.Group> groups = new ArrayList<>();
        for (String structure : evaluation.structures()) {
            List<double[]> samples = new ArrayList<>();
            for (PromptKind kind : kinds) {
                samples.add(sample(
                        evaluation,
                        m -> m.mode() == mode
                                && m.prompt() == kind
                                && m.structure().equals(structure),
                        value));
            }
            groups.add(new ViolinChart.Group(structure, samples));
        }
        return new ViolinChart(
                axis.substring(0, 1).toUpperCase(Locale.ROOT) + axis.substring(1) + " by structure and prompt, mode "
                        + mode.word(),
                axis,
                kinds.stream().map(PromptKind::word).toList(),
                groups);
    }

    private static ViolinChart modes(Evaluation evaluation) {
        List<Mode> modes = evaluation.options().modes();
        List<ViolinChart.Group> groups = new ArrayList<>();
        for (PromptKind kind : evaluation.options().prompts()) {
            List<double[]> samples = new ArrayList<>();
            for (Mode mode : modes) {
                samples.add(sample(evaluation, m -> m.mode() == mode && m.prompt() == kind, m -> m.scores()
                        .dice()));
            }
            groups.add(new ViolinChart.Group(kind.word(), samples));
        }
        return new ViolinChart(
                "Dice of all structures by prompt and mode",
                "Dice",
                modes.stream().map(Mode::word).toList(),
                groups);
    }

    private static double[] sample(
            Evaluation evaluation, Predicate<Measurement> which, ToDoubleFunction<Measurement> value) {
        return evaluation.measurements().stream()
                .filter(which)
                .mapToDouble(value)
                .toArray();
    }
}
