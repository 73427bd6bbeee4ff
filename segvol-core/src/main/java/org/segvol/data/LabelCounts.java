package org.segvol.data;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;

/** Counts label values, and thereby checks that a volume holds labels. */
final class LabelCounts {
    private LabelCounts() {}

    static SortedMap<Integer, Long> of(Volume labels, Path file) throws DataSetException {
        GridSize size = labels.size();
        long[] counts = new long[LabelNames.LARGEST + 1];
        float[] row = new float[size.ni()];
        for (int r = 0; r < size.nj() * size.nk(); r++) {
            labels.voxels().read(r * row.length, row.length, row, 0);
            for (int i = 0; i < row.length; i++) {
                float value = row[i];
                if (!(value >= 0 && value <= LabelNames.LARGEST) || value != (int) value) {
                    throw new DataSetException(
                            file,
                            "expected labels, whole numbers from 0 to " + LabelNames.LARGEST + ", found " + value
                                    + " at voxel " + size.point(r * row.length + i));
                }
                counts[(int) value]++;
            }
        }
        SortedMap<Integer, Long> present = new TreeMap<>();
        for (int value = 0; value < counts.length; value++) {
            if (counts[value] > 0) {
                present.put(value, counts[value]);
            }
        }
        return Collections.unmodifiableSortedMap(present);
    }
}
