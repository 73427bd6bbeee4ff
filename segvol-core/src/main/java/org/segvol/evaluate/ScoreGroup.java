package org.segvol.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.segvol.Mode;

/**
 * Measurements of one mode and kind of prompt, of one structure or of all, put together.
 *
 * @param mode how volumes were looked at
 * @param prompt what was asked by
 * @param structure the structure's name, or null for all structures
 * @param dice of each measurement
 * @param publishedScore of each
 * @param surfaceDice of each
 * @param hausdorff95 of each, mm, infinite where one mask was empty
 * @param viewDice of each, at window resolution; null in modes without a zoom-out view
 * @param windows encoder passes that each needs alone
 * @param seconds that each took here
 */
public record ScoreGroup(
        Mode mode,
        PromptKind prompt,
        String structure,
        Quartiles dice,
        Quartiles publishedScore,
        Quartiles surfaceDice,
        Quartiles hausdorff95,
        Quartiles viewDice,
        Quartiles windows,
        Quartiles seconds) {

    /** One group for each mode and kind of prompt, all structures together. */
    public static List<ScoreGroup> overall(Evaluation evaluation) {
        return groups(evaluation, false);
    }

    /** One group for each mode, structure and kind of prompt. */
    public static List<ScoreGroup> byStructure(Evaluation evaluation) {
        return groups(evaluation, true);
    }

    private record Key(Mode mode, String structure, PromptKind prompt) {}

    private static List<ScoreGroup> groups(Evaluation evaluation, boolean structures) {
        Map<Key, List<Measurement>> groups = new LinkedHashMap<>();
        List<String> names = structures ? evaluation.structures() : Collections.singletonList(null);
        for (Mode mode : evaluation.options().modes()) {
            for (String name : names) {
                evaluation
                        .options()
                        .prompts()
                        .forEach(kind -> groups.put(new Key(mode, name, kind), new ArrayList<>()));
            }
        }
        for (Measurement one : evaluation.measurements()) {
            groups.get(new Key(one.mode(), structures ? one.structure() : null, one.prompt()))
                    .add(one);
        }
        return groups.entrySet().stream()
                .map(group -> of(group.getKey(), group.getValue()))
                .toList();
    }

    private static ScoreGroup of(Key key, List<Measurement> all) {
        return new ScoreGroup(
                key.mode,
                key.prompt,
                key.structure,
                quartiles(all, m -> m.scores().dice()),
                quartiles(all, m -> m.scores().publishedScore()),
                quartiles(all, m -> m.scores().surfaceDice()),
                quartiles(all, m -> m.scores().hausdorff95()),
                Double.isNaN(all.get(0).viewDice()) ? null : quartiles(all, Measurement::viewDice),
                quartiles(all, Measurement::windows),
                quartiles(all, Measurement::seconds));
    }

    private static Quartiles quartiles(List<Measurement> all, ToDoubleFunction<Measurement> value) {
        return Quartiles.of(all.stream().mapToDouble(value).toArray());
    }
}
