package org.segvol.evaluate;

import java.util.List;

/**
 * What a violin picture shows: groups side by side, in each of them one violin for each series.
 *
 * @param title above the picture
 * @param axis what is measured, with its unit
 * @param series what the colours mean
 * @param groups in order
 */
public record ViolinChart(String title, String axis, List<String> series, List<Group> groups) {
    /**
     * Violins that stand together.
     *
     * @param name below them
     * @param samples one for each series, values from 0 to 1; an empty one leaves its place free
     */
    public record Group(String name, List<double[]> samples) {}

    /** Checks that there is something to draw and that every group has a sample for each series. */
    public ViolinChart {
        series = List.copyOf(series);
        groups = List.copyOf(groups);
        if (series.isEmpty() || groups.isEmpty()) {
            throw new IllegalArgumentException("a chart needs at least one series and one group");
        }
        for (Group group : groups) {
            if (group.samples().size() != series.size()) {
                throw new IllegalArgumentException("group " + group.name() + " has "
                        + group.samples().size() + " samples for " + series.size() + " series");
            }
            for (double[] sample : group.samples()) {
                for (double value : sample) {
                    if (!(value >= 0 && value <= 1)) {
                        throw new IllegalArgumentException(
                                "values from 0 to 1 can be drawn, found " + value + " in group " + group.name());
                    }
                }
            }
        }
    }
}
