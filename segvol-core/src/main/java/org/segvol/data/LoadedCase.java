package org.segvol.data;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.segvol.image.Mask;
import org.segvol.image.Volume;

/**
 * A labelled case in memory: both volumes in one grid, in their stored types.
 *
 * @param source where it came from
 * @param image the CT
 * @param labels whole numbers from 0 to 65535 in the CT's grid
 * @param counts voxels of each label value that occurs, 0 included
 */
public record LoadedCase(LabelledCase source, Volume image, Volume labels, SortedMap<Integer, Long> counts) {
    /** The named structures that occur, by label value; one also occurs where something that it contains does. */
    public SortedMap<Integer, String> structures() {
        SortedMap<Integer, String> present = new TreeMap<>(source.names());
        present.keySet().removeIf(value -> Collections.disjoint(source.values(value), counts.keySet()));
        return present;
    }

    /** Label values that occur and have no name, without 0. */
    public SortedSet<Integer> unnamed() {
        SortedSet<Integer> values = new TreeSet<>(counts.keySet());
        values.removeAll(source.names().keySet());
        values.remove(0);
        return values;
    }

    /** The voxels of a structure: those of its label value and of the values that it contains; empty when none of them occurs. */
    public Mask mask(int value) {
        return Mask.ofLabels(labels, source.values(value));
    }
}
