package org.segvol.cli;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.segvol.image.Mask;
import org.segvol.image.Volume;

/** The structures of a label volume. */
final class LabelValues {
    private static final int LARGEST = 0xFFFF;

    private LabelValues() {}

    /**
     * A mask for each structure, by rising value, made when it is asked for.
     *
     * @param wanted the label values that make up each structure, also such that do not occur; when empty, every value above 0 that occurs is one
     * @throws IllegalArgumentException when a value is not a whole number from 0 to 65535
     */
    static Iterable<Mask> masks(Volume labels, SortedMap<Integer, SortedSet<Integer>> wanted) {
        SortedSet<Integer> found = values(labels);
        List<Set<Integer>> structures =
                wanted.isEmpty() ? found.stream().map(Set::of).toList() : List.copyOf(wanted.values());
        return () ->
                structures.stream().map(values -> Mask.ofLabels(labels, values)).iterator();
    }

    private static SortedSet<Integer> values(Volume labels) {
        TreeSet<Integer> values = new TreeSet<>();
        float[] row = new float[labels.size().ni()];
        float last = 0;
        for (int at = 0; at < labels.size().count(); at += row.length) {
            labels.voxels().read(at, row.length, row, 0);
            for (float value : row) {
                if (value != last) {
                    if (!(value >= 0 && value <= LARGEST) || value != (int) value) {
                        throw new IllegalArgumentException(
                                "labels are whole numbers from 0 to " + LARGEST + ", found " + value);
                    }
                    values.add((int) value);
                    last = value;
                }
            }
        }
        values.remove(0);
        return values;
    }
}
