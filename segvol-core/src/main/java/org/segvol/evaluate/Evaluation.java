package org.segvol.evaluate;

import java.util.List;

/**
 * A finished evaluation.
 *
 * @param measurements by case, mode, structure and prompt, in this order
 * @param costs by case and mode
 * @param notes what a careful reader should know, each in one sentence
 * @param options what was measured
 */
public record Evaluation(
        List<Measurement> measurements, List<CaseCost> costs, List<String> notes, EvaluationOptions options) {
    /** Copies the lists. */
    public Evaluation {
        measurements = List.copyOf(measurements);
        costs = List.copyOf(costs);
        notes = List.copyOf(notes);
    }

    /** The structures that were measured, in the order in which they came first. */
    public List<String> structures() {
        return measurements.stream().map(Measurement::structure).distinct().toList();
    }
}
