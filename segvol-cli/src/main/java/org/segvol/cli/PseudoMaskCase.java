package org.segvol.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An image that a pseudo mask is made for.
 *
 * @param name names its output
 * @param image NIfTI, or {@code image.npy} of the published layout
 * @param labels of the same grid: NIfTI or the published npz; null when there are none
 */
record PseudoMaskCase(String name, Path image, Path labels) {
    private static final String PUBLISHED_IMAGE = "image.npy";

    /** Whether image and labels are in the published layout, already normalised. */
    boolean published() {
        return image.endsWith(PUBLISHED_IMAGE);
    }

    /**
     * The cases of files and folders: NIfTI files, folders of NIfTI files, and folders whose subfolders are published cases.
     *
     * @param labels folder of NIfTI labels that are named as their images, or null
     */
    static List<PseudoMaskCase> find(List<Path> data, Path labels) throws IOException {
        List<PseudoMaskCase> cases = new ArrayList<>();
        for (Path path : data) {
            if (Files.isDirectory(path)) {
                List<PseudoMaskCase> inside = inFolder(path, labels);
                if (inside.isEmpty()) {
                    throw new IllegalArgumentException(
                            path + ": this folder holds no NIfTI files and no folders with " + PUBLISHED_IMAGE);
                }
                cases.addAll(inside);
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
        List<Path> masks = sorted(folder).stream()
                .filter(file -> file.getFileName().toString().matches("mask_\\(.*\\)\\.npz"))
                .toList();
        if (masks.size() > 1) {
            throw new IllegalArgumentException(folder + ": expected one file of labels, found " + masks.size());
        }
        return new PseudoMaskCase(
                folder.getFileName().toString(),
                folder.resolve(PUBLISHED_IMAGE),
                masks.isEmpty() ? null : masks.get(0));
    }

    private static PseudoMaskCase nifti(Path image, Path labels) throws IOException {
        Path own = labels == null ? null : labels.resolve(image.getFileName());
        if (own != null && !Files.isRegularFile(own)) {
            throw new IllegalArgumentException(own + ": there are no labels of this name for " + image);
        }
        String name = image.getFileName().toString().replaceFirst("\\.nii(\\.gz)?$", "");
        return new PseudoMaskCase(name, image, own);
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
