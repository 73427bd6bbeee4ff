package org.segvol.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.segvol.data.LabelledCase;
import org.segvol.data.LabelledCases;
import org.segvol.data.PublishedDataSet;

/**
 * An image that a pseudo mask is made for.
 *
 * @param name names its output
 * @param image NIfTI, or {@code image.npy} of the published layout
 * @param labels of the same grid: NIfTI or the published npz; null when there are none
 * @param names of the structures, by label value; empty when every label value is one
 * @param values the label values that make up each named structure: its own, and those that it contains
 */
record PseudoMaskCase(
        String name,
        Path image,
        Path labels,
        SortedMap<Integer, String> names,
        SortedMap<Integer, SortedSet<Integer>> values) {
    private static final String PUBLISHED_IMAGE = PublishedDataSet.IMAGE;

    /** Whether image and labels are in the published layout, already normalised. */
    boolean published() {
        return image.endsWith(PUBLISHED_IMAGE);
    }

    /**
     * The cases of files and folders: NIfTI files, folders of NIfTI files, folders whose subfolders are published cases, and labelled data sets as
     * {@link LabelledCases} reads them.
     *
     * @param labels folder of NIfTI labels that are named as their images, or null
     */
    static List<PseudoMaskCase> find(List<Path> data, Path labels) throws IOException {
        List<PseudoMaskCase> cases = new ArrayList<>();
        for (Path path : data) {
            List<PseudoMaskCase> inside = Files.isDirectory(path) ? inFolder(path, labels) : List.of();
            if (!inside.isEmpty()) {
                cases.addAll(inside);
            } else if (Files.isDirectory(path) || path.toString().endsWith(".json")) {
                for (LabelledCase one : LabelledCases.read(path)) {
                    cases.add(labelled(one));
                }
            } else {
                cases.add(nifti(path, labels));
            }
        }
        Map<String, Path> names = new HashMap<>();
        for (PseudoMaskCase one : cases) {
            Path other = names.put(one.name, one.image);
            if (other != null) {
                throw new IllegalArgumentException(
                        other + " and " + one.image + " would give results of the same name; run them apart");
            }
        }
        return cases;
    }

    private static PseudoMaskCase labelled(LabelledCase one) {
        SortedMap<Integer, SortedSet<Integer>> values = new TreeMap<>();
        one.names().keySet().forEach(value -> values.put(value, one.values(value)));
        return new PseudoMaskCase(one.name(), one.image(), one.label(), one.names(), values);
    }

    private static List<PseudoMaskCase> inFolder(Path folder, Path labels) throws IOException {
        List<PseudoMaskCase> cases = new ArrayList<>();
        for (Path entry : sorted(folder)) {
            if (isNifti(entry)) {
                cases.add(nifti(entry, labels));
            } else if (Files.isRegularFile(entry.resolve(PUBLISHED_IMAGE))) {
                cases.add(published(entry));
            }
        }
        if (Files.isRegularFile(folder.resolve(PUBLISHED_IMAGE))) {
            cases.add(published(folder.toAbsolutePath().normalize()));
        }
        return cases;
    }

    private static PseudoMaskCase published(Path folder) throws IOException {
        return new PseudoMaskCase(
                folder.getFileName().toString(),
                folder.resolve(PUBLISHED_IMAGE),
                PublishedDataSet.labelsIn(folder),
                Collections.emptySortedMap(),
                Collections.emptySortedMap());
    }

    private static PseudoMaskCase nifti(Path image, Path labels) throws IOException {
        Path own = labels == null ? null : labels.resolve(image.getFileName());
        if (own != null && !Files.isRegularFile(own)) {
            throw new IllegalArgumentException(own + ": there are no labels of this name for " + image);
        }
        String name = image.getFileName().toString().replaceFirst("\\.nii(\\.gz)?$", "");
        return new PseudoMaskCase(name, image, own, Collections.emptySortedMap(), Collections.emptySortedMap());
    }

    private static boolean isNifti(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && !name.startsWith(".")
                && (name.endsWith(".nii") || name.endsWith(".nii.gz"));
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
