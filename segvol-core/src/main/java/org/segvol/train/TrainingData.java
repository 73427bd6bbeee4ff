package org.segvol.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What tells the data of one run from those of another without reading them: names, names and sizes of files, and structures.
 *
 * @param entries as metadata of a state file; one thing a line
 */
record TrainingData(SortedMap<String, String> entries) {
    private static final String STRUCTURES = "segvol.structures";
    private static final String CASES = "segvol.cases";
    private static final String HELD_OUT = "segvol.held-out";
    private static final String HINTS = "segvol.hints";

    /** The data of a plan as its files are now. */
    static TrainingData of(TrainingPlan plan) throws IOException {
        List<String> structures = new ArrayList<>();
        SortedMap<String, String> entries = new TreeMap<>();
        entries.put(CASES, lines(plan.cases(), plan.regions(), structures));
        entries.put(HELD_OUT, lines(plan.heldOut(), plan.regions(), structures));
        entries.put(STRUCTURES, String.join("\n", structures));
        entries.put(HINTS, plan.hints().toString());
        return new TrainingData(entries);
    }

    /** @param structures what cases say of theirs, each once: most cases of a data set say the same */
    private static String lines(List<TrainingSource> cases, Path regions, List<String> structures) throws IOException {
        List<String> lines = new ArrayList<>();
        for (TrainingSource one : cases) {
            String own = one.structures();
            if (!structures.contains(own)) {
                structures.add(own);
            }
            StringBuilder line = new StringBuilder(one.name()).append(": ");
            for (Path file : one.files(regions)) {
                line.append(file.getFileName())
                        .append(" of ")
                        .append(Files.size(file))
                        .append(" bytes, ");
            }
            lines.add(line.append("structures ")
                    .append(structures.indexOf(own) + 1)
                    .toString());
        }
        return String.join("\n", lines);
    }

    /**
     * Refuses to go on with a run that was made on other data. Says nothing of what a state, an older one, does not tell.
     *
     * @param then metadata of the run's state
     * @param folder of the run
     * @throws IllegalArgumentException when they differ, with the first difference
     */
    void requireSame(Map<String, String> then, Path folder) {
        requireSame(then.get(STRUCTURES), STRUCTURES, "structures", folder);
        requireSame(then.get(CASES), CASES, "training cases", folder);
        requireSame(then.get(HELD_OUT), HELD_OUT, "held-out cases", folder);
        requireSame(then.get(HINTS), HINTS, "hints about the checkpoint", folder);
    }

    private void requireSame(String then, String key, String term, Path folder) {
        String now = entries.get(key);
        if (then == null || then.equals(now)) {
            return;
        }
        List<String> before = then.lines().toList(), after = now.lines().toList();
        int first = 0;
        while (first < before.size()
                && first < after.size()
                && before.get(first).equals(after.get(first))) {
            first++;
        }
        throw new IllegalArgumentException("the run in " + folder + " was made with other " + term + ": then "
                + line(before, first) + ", now " + line(after, first)
                + "; resume it with what it started with, or choose another folder");
    }

    private static String line(List<String> lines, int at) {
        return at < lines.size() ? "\"" + lines.get(at) + "\"" : "only " + lines.size();
    }
}
