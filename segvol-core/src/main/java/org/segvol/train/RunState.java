package org.segvol.train;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.segvol.files.PlainText;
import org.segvol.weights.Metadata;
import org.segvol.weights.SafetensorsFile;

/**
 * Where a run stands between two updates, as the metadata of its state file says it.
 *
 * @param updates made so far; steps that asked for nothing made none
 * @param epoch from 0
 * @param visit views of this epoch that were shown
 * @param best score so far
 * @param sums of the epoch so far: loss, Dice, steps that have a loss, steps that have a Dice
 */
record RunState(long updates, int epoch, int visit, double best, double[] sums) {
    private static final String UPDATES = "segvol.updates";
    private static final String EPOCH = "segvol.epoch";
    private static final String VISIT = "segvol.visit";
    private static final String BEST = "segvol.best";
    private static final String OPTIONS = "segvol.options";
    private static final Pattern COMPONENT = Pattern.compile("(\\w+)=([^,\\]]*)");
    private static final String LOSS_SUM = "segvol.epoch-sums";

    /** This state as metadata, with what a run that goes on from it must have in common with this one. */
    Map<String, String> metadata(TrainingPlan plan, TrainingData data, String weightsSha256) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put(UPDATES, Long.toString(updates));
        metadata.put(EPOCH, Integer.toString(epoch));
        metadata.put(VISIT, Integer.toString(visit));
        metadata.put(BEST, Double.toString(best));
        metadata.put(LOSS_SUM, sums[0] + " " + sums[1] + " " + sums[2] + " " + sums[3]);
        metadata.put(OPTIONS, comparable(plan.options()));
        metadata.put(Metadata.SOURCE_SHA256, weightsSha256);
        metadata.putAll(data.entries());
        return metadata;
    }

    /**
     * What a state file says.
     *
     * @throws IllegalArgumentException when it is of a run with other options, other weights or other data
     */
    static RunState of(SafetensorsFile file, TrainingPlan plan, TrainingData data, String weightsSha256) {
        Map<String, String> metadata = file.metadata();
        requireSame(plan, metadata.get(OPTIONS));
        if (!weightsSha256.equals(metadata.get(Metadata.SOURCE_SHA256))) {
            throw new IllegalArgumentException(
                    "the run in " + plan.folder() + " was started from other weights than " + plan.weights());
        }
        data.requireSame(metadata, plan.folder());
        String[] parts = metadata.get(LOSS_SUM).split(" ", -1);
        double[] sums = new double[4];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Double.parseDouble(parts[Math.min(i, parts.length - 1)]); // older states count all steps for both
        }
        return new RunState(
                Long.parseLong(metadata.get(UPDATES)),
                Integer.parseInt(metadata.get(EPOCH)),
                Integer.parseInt(metadata.get(VISIT)),
                Double.parseDouble(metadata.get(BEST)),
                sums);
    }

    private static void requireSame(TrainingPlan plan, String then) {
        if (then == null) {
            throw new IllegalArgumentException("the state in " + plan.folder()
                    + " does not say its run's options, so it cannot be resumed; choose another folder");
        }
        String now = comparable(plan.options());
        if (!now.equals(then)) {
            throw new IllegalArgumentException(PlainText.of("the run in " + plan.folder()
                    + " was made with other options: " + differences(components(then), components(now))
                    + "; resume it with the same ones, or start a new run from its last.safetensors"));
        }
    }

    /** What a record says of itself, by component. */
    private static Map<String, String> components(String written) {
        Map<String, String> components = new LinkedHashMap<>();
        Matcher matcher = COMPONENT.matcher(written);
        while (matcher.find()) {
            components.put(matcher.group(1), matcher.group(2));
        }
        return components;
    }

    /** Such as {@code epochs was 2, now 3}. */
    private static String differences(Map<String, String> then, Map<String, String> now) {
        Set<String> names = new LinkedHashSet<>(now.keySet());
        names.addAll(then.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(then.get(name), now.get(name)))
                .map(name -> name + " was " + then.getOrDefault(name, "unknown") + ", now "
                        + now.getOrDefault(name, "unknown"))
                .collect(Collectors.joining("; "));
    }

    /** Options without those that have no effect on the numbers. */
    private static String comparable(FineTuneOptions options) {
        return options.with(o -> o.checkpointMinutes = 1).toString();
    }
}
