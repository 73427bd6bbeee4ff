package org.segvol.evaluate;

import java.util.List;
import java.util.Locale;

/** An evaluation as a page of tables. */
public final class MarkdownTables {
    private final StringBuilder page = new StringBuilder();

    private MarkdownTables() {}

    /**
     * The page: all structures together, structure by structure, and what each case took.
     *
     * @param about lines above the tables, such as which weights were measured
     */
    public static String of(Evaluation evaluation, List<String> about) {
        MarkdownTables tables = new MarkdownTables();
        tables.line("# Evaluation").line("");
        about.forEach(text -> tables.line("- " + text));
        tables.line("")
                .line(
                        "Dice: median [quartiles] and mean. View mean: mean Dice at window resolution, of what the zoom-out view found by itself. NSD: normalised surface distance at a tolerance of "
                                + evaluation.options().tolerance()
                                + " mm. HD95: 95% Hausdorff distance in mm, inf where nothing was found. Passes: image encoder passes that one prompt"
                                + " alone needs. Seconds: mean of a prompt, here, after the case's earlier prompts.");
        tables.line("");
        tables.line("## All structures").line("");
        tables.overall(ScoreGroup.overall(evaluation));
        tables.line("").line("## Structure by structure").line("");
        tables.structures(ScoreGroup.byStructure(evaluation));
        tables.line("").line("## What each case took").line("");
        tables.costs(evaluation.costs());
        if (!evaluation.notes().isEmpty()) {
            tables.line("").line("## Notes").line("");
            evaluation.notes().forEach(note -> tables.line("- " + note));
        }
        return tables.page.toString();
    }

    private MarkdownTables line(String text) {
        page.append(text.stripTrailing()).append('\n');
        return this;
    }

    private void row(Object... cells) {
        page.append('|');
        for (Object cell : cells) {
            page.append(' ').append(cell(String.valueOf(cell))).append(" |");
        }
        page.append('\n');
    }

    /** A text as it may stand in a table. */
    static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private void head(String... columns) {
        row((Object[]) columns);
        page.append("| --- ".repeat(columns.length)).append("|\n");
    }

    private void overall(List<ScoreGroup> groups) {
        head("mode", "prompt", "n", "Dice", "mean", "view mean", "NSD", "HD95 (mm)", "passes", "seconds");
        for (ScoreGroup group : groups) {
            row(
                    group.mode().word(),
                    group.prompt().word(),
                    group.dice().count(),
                    spread(group.dice(), 3),
                    number(group.dice().mean(), 3),
                    group.viewDice() == null ? "" : number(group.viewDice().mean(), 3),
                    spread(group.surfaceDice(), 3),
                    spread(group.hausdorff95(), 1),
                    spread(group.windows(), 1),
                    number(group.seconds().mean(), 2));
        }
    }

    private void structures(List<ScoreGroup> groups) {
        head("mode", "structure", "prompt", "n", "Dice", "mean", "view mean", "NSD", "HD95 (mm)");
        for (ScoreGroup group : groups) {
            row(
                    group.mode().word(),
                    group.structure(),
                    group.prompt().word(),
                    group.dice().count(),
                    spread(group.dice(), 3),
                    number(group.dice().mean(), 3),
                    group.viewDice() == null ? "" : number(group.viewDice().mean(), 3),
                    spread(group.surfaceDice(), 3),
                    spread(group.hausdorff95(), 1));
        }
    }

    private void costs(List<CaseCost> costs) {
        head("case", "mode", "prompts", "encoder passes", "seconds");
        for (CaseCost cost : costs) {
            row(cost.caseName(), cost.mode().word(), cost.prompts(), cost.encoderPasses(), number(cost.seconds(), 2));
        }
    }

    private static String spread(Quartiles quartiles, int digits) {
        if (quartiles.count() == 1) {
            return number(quartiles.median(), digits);
        }
        return number(quartiles.median(), digits) + " [" + number(quartiles.lower(), digits) + ", "
                + number(quartiles.upper(), digits) + "]";
    }

    private static String number(double value, int digits) {
        return Double.isInfinite(value) ? "inf" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
