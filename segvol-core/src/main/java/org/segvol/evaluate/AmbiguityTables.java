package org.segvol.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** The experiment on ambiguous prompts as a page of Markdown and as comma-separated values. */
public final class AmbiguityTables {
    private AmbiguityTables() {}

    private record Key(AmbiguityPair pair, AmbiguityPair.Place place, String word) {}

    /**
     * The page: for each pair, place and word the mean Dice with both structures, and how often the answer agrees better with the one or the other.
     *
     * @param about lines above the table
     */
    public static String markdown(Ambiguity ambiguity, List<String> about) {
        StringBuilder page = new StringBuilder("# Ambiguous prompts\n\n");
        about.forEach(text -> page.append("- ").append(text).append('\n'));
        page.append(
                "\nA click on a voxel that both structures have, or the smallest box around both; alone, and with a name. Mean Dice with either structure,"
                        + " and how many answers agree better with it.\n\n");
        page.append("| A | B | place | word | n | Dice with A | Dice with B | it is A | it is B |\n");
        page.append("| --- ".repeat(9)).append("|\n");
        groups(ambiguity)
                .forEach((key, answers) -> page.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %d | %.3f | %.3f | %d | %d |%n",
                        MarkdownTables.cell(key.pair.first()),
                        MarkdownTables.cell(key.pair.second()),
                        word(key.place),
                        key.word == null ? "none" : MarkdownTables.cell(key.word),
                        answers.size(),
                        mean(answers, Ambiguity.Answer::first),
                        mean(answers, Ambiguity.Answer::second),
                        count(answers, Ambiguity.Answer::isFirst),
                        count(answers, Ambiguity.Answer::isSecond))));
        return page.toString().replace(System.lineSeparator(), "\n");
    }

    private static Map<Key, List<Ambiguity.Answer>> groups(Ambiguity ambiguity) {
        Map<Key, List<Ambiguity.Answer>> groups = new LinkedHashMap<>();
        for (Ambiguity.Answer answer : ambiguity.answers()) {
            groups.computeIfAbsent(new Key(answer.pair(), answer.place(), answer.word()), key -> new ArrayList<>())
                    .add(answer);
        }
        return groups;
    }

    static String word(AmbiguityPair.Place place) {
        return place.name().toLowerCase(Locale.ROOT);
    }

    private static double mean(List<Ambiguity.Answer> answers, ToDoubleFunction<Ambiguity.Answer> value) {
        return answers.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private static long count(List<Ambiguity.Answer> answers, Predicate<Ambiguity.Answer> which) {
        return answers.stream().filter(which).count();
    }

    /** One line an answer, with a heading line, numbers in full. */
    public static String csv(Ambiguity ambiguity) {
        StringBuilder table = new StringBuilder("case,first,second,place,word,dice_first,dice_second\r\n");
        for (Ambiguity.Answer one : ambiguity.answers()) {
            table.append(CsvTable.row(List.of(
                            one.caseName(),
                            one.pair().first(),
                            one.pair().second(),
                            word(one.place()),
                            one.word() == null ? "" : one.word(),
                            one.first(),
                            one.second())))
                    .append("\r\n");
        }
        return table.toString();
    }
}
