package org.segvol.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.segvol.image.Affine;
import org.segvol.image.Volume;
import org.segvol.image.WorldPoint;
import org.segvol.io.Volumes;

/**
 * A CT and its labels on disk. Nothing is read before {@link #load()}.
 *
 * @param name of the case, unique in its data set
 * @param image the CT, NIfTI
 * @param label the label volume in the same grid, NIfTI; 0 is background
 * @param names the structure of each label value from 1 to 65535; values without a name are no structures
 * @param contains label values whose voxels belong to a structure besides its own, such as a liver's lesions; keys and values are named
 */
public record LabelledCase(
        String name,
        Path image,
        Path label,
        SortedMap<Integer, String> names,
        SortedMap<Integer, SortedSet<Integer>> contains) {
    /** How far corners of the two grids may lie apart, as a share of the smallest voxel side. */
    private static final double SAME_PLACE = 0.1;

    /** Copies the maps and checks that there are names. */
    public LabelledCase {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(label, "label");
        names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
        LabelNames.check(names);
        SortedMap<Integer, SortedSet<Integer>> copy = new TreeMap<>();
        contains.forEach((outer, inner) -> copy.put(outer, Collections.unmodifiableSortedSet(new TreeSet<>(inner))));
        contains = Collections.unmodifiableSortedMap(copy);
        for (Map.Entry<Integer, SortedSet<Integer>> entry : contains.entrySet()) {
            if (!names.containsKey(entry.getKey()) || !names.keySet().containsAll(entry.getValue())) {
                throw new IllegalArgumentException(
                        "expected that label value " + entry.getKey() + " and what it contains, " + entry.getValue()
                                + ", are among the named ones, " + names.keySet());
            }
        }
    }

    /** A case of which no structure contains another. */
    public LabelledCase(String name, Path image, Path label, SortedMap<Integer, String> names) {
        this(name, image, label, names, new TreeMap<>());
    }

    /** The label values that make up a structure: its own, and those that it contains. */
    public SortedSet<Integer> values(int value) {
        SortedSet<Integer> values = new TreeSet<>(contains.getOrDefault(value, Collections.emptySortedSet()));
        values.add(value);
        return values;
    }

    /**
     * Reads both volumes and counts the labels.
     *
     * @throws DataSetException when the grids differ in size or place, or a label is not a whole number from 0 to 65535
     * @throws org.segvol.io.VolumeFormatException when a file is not a NIfTI volume
     * @throws IOException when a file cannot be read
     */
    public LoadedCase load() throws IOException {
        Volume ct = Volumes.read(image), labels = Volumes.read(label);
        if (!ct.size().equals(labels.size())) {
            throw new DataSetException(
                    label,
                    "expected the grid of " + image.getFileName() + ", " + ct.size() + " voxels, found " + labels.size()
                            + "; resample the labels to the CT");
        }
        requireSamePlace(ct, labels);
        return new LoadedCase(this, ct, labels, LabelCounts.of(labels, label));
    }

    private void requireSamePlace(Volume ct, Volume labels) throws DataSetException {
        double[] spacing = ct.affine().spacing();
        double allowed = SAME_PLACE * Math.min(spacing[0], Math.min(spacing[1], spacing[2]));
        double apart = 0;
        for (int corner = 0; corner < 8; corner++) {
            int i = (corner & 1) * (ct.size().ni() - 1);
            int j = (corner >> 1 & 1) * (ct.size().nj() - 1);
            int k = (corner >> 2) * (ct.size().nk() - 1);
            apart = Math.max(apart, distance(ct.affine(), labels.affine(), i, j, k));
        }
        if (apart > allowed) {
            throw new DataSetException(
                    label,
                    String.format(
                            Locale.ROOT,
                            "expected the place and orientation of %s, found corners up to %.2f mm apart;"
                                    + " resample the labels to the CT, or mend the header",
                            image.getFileName(),
                            apart));
        }
    }

    private static double distance(Affine a, Affine b, int i, int j, int k) {
        WorldPoint p = a.toWorld(i, j, k), q = b.toWorld(i, j, k);
        double x = p.right() - q.right(), y = p.anterior() - q.anterior(), z = p.superior() - q.superior();
        return Math.sqrt(x * x + y * y + z * z);
    }
}
