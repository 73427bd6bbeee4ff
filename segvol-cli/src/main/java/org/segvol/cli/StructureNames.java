package org.segvol.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Names of structures that are asked for together, made different from each other so that none stands for two. */
final class StructureNames {
    private StructureNames() {}

    /** Names for the report and the label map: of equal ones, all but the first get a number, as in {@code liver tumor 2}. */
    static List<String> different(List<String> names) {
        return numbered(names, " ", UnaryOperator.identity());
    }

    /** The names as parts of file names, different also where upper and lower case are one. */
    static List<String> slugs(List<String> names) {
        return numbered(names.stream().map(OutputFiles::slug).toList(), "_", StructureNames::withoutCase);
    }

    /** A text that is the same for all that differ in case only; some letters have one capital in common, so lower case alone does not tell. */
    static String withoutCase(String text) {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static List<String> numbered(List<String> texts, String before, UnaryOperator<String> key) {
        Set<String> taken = new HashSet<>(); // a name that was given is not made up for another structure
        texts.forEach(text -> taken.add(key.apply(text)));
        Map<String, Integer> counts = new HashMap<>();
        List<String> out = new ArrayList<>();
        for (String text : texts) {
            int n = counts.merge(key.apply(text), 1, Integer::sum);
            String name = text;
            if (n > 1) {
                name = text + before + n;
                while (!taken.add(key.apply(name))) {
                    name = text + before + counts.merge(key.apply(text), 1, Integer::sum);
                }
            }
            out.add(name);
        }
        return out;
    }
}
