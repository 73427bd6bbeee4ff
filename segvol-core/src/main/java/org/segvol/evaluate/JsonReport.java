package org.segvol.evaluate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An evaluation for programs. Infinite distances are null. */
public final class JsonReport {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    private JsonReport() {}

    /**
     * The report: {@code about} first, then {@code overall}, {@code structures}, {@code cases}, {@code measurements} and {@code notes}.
     *
     * @param about what was measured: texts, numbers, lists and maps of them
     */
    public static String of(Evaluation evaluation, Map<String, ?> about) {
        Map<String, Object> out = new LinkedHashMap<>(about);
        out.put("tolerance_mm", evaluation.options().tolerance());
        out.put("overall", groups(ScoreGroup.overall(evaluation)));
        out.put("structures", groups(ScoreGroup.byStructure(evaluation)));
        out.put("cases", evaluation.costs().stream().map(JsonReport::cost).toList());
        out.put(
                "measurements",
                evaluation.measurements().stream().map(JsonReport::measurement).toList());
        out.put("notes", evaluation.notes());
        return GSON.toJson(out) + "\n";
    }

    private static List<Map<String, Object>> groups(List<ScoreGroup> groups) {
        return groups.stream().map(JsonReport::group).toList();
    }

    private static Map<String, Object> group(ScoreGroup group) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("mode", group.mode().word());
        out.put("prompt", group.prompt().word());
        if (group.structure() != null) {
            out.put("structure", group.structure());
        }
        out.put("n", group.dice().count());
        out.put("dice", quartiles(group.dice()));
        out.put("published_score", quartiles(group.publishedScore()));
        out.put("nsd", quartiles(group.surfaceDice()));
        out.put("hd95_mm", quartiles(group.hausdorff95()));
        out.put("view_dice", group.viewDice() == null ? null : quartiles(group.viewDice()));
        out.put("passes_alone", quartiles(group.windows()));
        out.put("seconds", quartiles(group.seconds()));
        return out;
    }

    private static Map<String, Object> quartiles(Quartiles quartiles) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("mean", finite(quartiles.mean()));
        out.put("lower", finite(quartiles.lower()));
        out.put("median", finite(quartiles.median()));
        out.put("upper", finite(quartiles.upper()));
        return out;
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static Map<String, Object> cost(CaseCost cost) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("case", cost.caseName());
        out.put("mode", cost.mode().word());
        out.put("prompts", cost.prompts());
        out.put("encoder_passes", cost.encoderPasses());
        out.put("seconds", cost.seconds());
        return out;
    }

    private static Map<String, Object> measurement(Measurement one) {
        MaskScores scores = one.scores();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("case", one.caseName());
        out.put("structure", one.structure());
        out.put("mode", one.mode().word());
        out.put("prompt", one.prompt().word());
        out.put("dice", scores.dice());
        out.put("published_score", scores.publishedScore());
        out.put("nsd", scores.surfaceDice());
        out.put("hd95_mm", finite(scores.hausdorff95()));
        out.put("view_dice", finite(one.viewDice()));
        out.put("found_voxels", scores.found());
        out.put("label_voxels", scores.labelled());
        out.put("common_voxels", scores.common());
        out.put("passes_alone", one.windows());
        out.put("encoder_passes", one.encoderPasses());
        out.put("seconds", one.seconds());
        return out;
    }
}
