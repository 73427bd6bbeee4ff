package org.segvol.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The names of structures that occur in the public data sets on which the released model was trained: 223 spellings. The text
 * encoder takes any words; these are the ones that it learned from.
 */
public final class Vocabulary {
    private final Map<String, List<String>> groups;
    private final List<String> names;

    private Vocabulary(Map<String, List<String>> groups) {
        this.groups = Collections.unmodifiableMap(groups);
        this.names = groups.values().stream().flatMap(List::stream).toList();
    }

    private static final class Bundled {
        static final Vocabulary INSTANCE = load();

        private static Vocabulary load() {
            Map<String, List<String>> groups = new LinkedHashMap<>();
            try (InputStream in = Vocabulary.class.getResourceAsStream("vocabulary.txt");
                    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    if (!line.startsWith("#") && !line.isBlank()) {
                        List<String> spellings = List.of(line.split("\\|", -1));
                        groups.put(spellings.get(0), spellings);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the bundled vocabulary of structures cannot be read", e);
            }
            return new Vocabulary(groups);
        }
    }

    /** The bundled names. */
    public static Vocabulary bundled() {
        return Bundled.INSTANCE;
    }

    /** One name for each structure, in alphabetical order. */
    public List<String> structures() {
        return List.copyOf(groups.keySet());
    }

    /** All spellings of each structure; the first one is its key. */
    public Map<String, List<String>> groups() {
        return groups;
    }

    /** All spellings. */
    public List<String> names() {
        return names;
    }

    /** Whether a name is one of them; case and surrounding spaces do not matter. */
    public boolean contains(String name) {
        String wanted = name.strip();
        return names.stream().anyMatch(known -> known.equalsIgnoreCase(wanted));
    }

    /** The names that are most like a word, best first: those with words in common, then those with the fewest different letters. */
    public List<String> nearest(String name, int count) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        Set<String> words = words(wanted);
        List<String> sorted = new ArrayList<>(names);
        sorted.sort(Comparator.comparingDouble((String known) -> distance(wanted, words, known))
                .thenComparing(Comparator.naturalOrder()));
        return List.copyOf(sorted.subList(0, Math.min(count, sorted.size())));
    }

    private static Set<String> words(String text) {
        return new HashSet<>(List.of(text.split("[^\\p{L}\\p{N}]+", -1)));
    }

    private static double distance(String wanted, Set<String> words, String known) {
        String other = known.toLowerCase(Locale.ROOT);
        Set<String> common = words(other);
        int all = common.size();
        common.retainAll(words);
        double shared = (double) common.size() / Math.max(words.size(), all);
        return (double) edits(wanted, other) / Math.max(wanted.length(), other.length()) - shared;
    }

    /** Letters to insert, delete or replace. Long inputs are cut: names are short. */
    private static int edits(String a, String b) {
        String left = a.length() > 64 ? a.substring(0, 64) : a;
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replace = diagonal + (left.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
