package org.segvol.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.segvol.io.AtomicFile;

/** Names of result files, and checks before any work is done. */
final class OutputFiles {
    private static final int LONGEST_SLUG = 60;

    private OutputFiles() {}

    /**
     * Checks that a file can be written and is none of the inputs.
     *
     * @throws IllegalArgumentException in one sentence
     */
    static void requireWritable(Path output, List<Path> inputs) throws IOException {
        Path folder = output.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(output + ": its folder does not exist; make it first");
        }
        if (!Files.isWritable(folder)) {
            throw new IllegalArgumentException(output + ": its folder cannot be written to");
        }
        if (Files.isDirectory(output)) {
            throw new IllegalArgumentException(output + ": this is a folder; name a file");
        }
        for (Path input : inputs) {
            if (Files.exists(input) && Files.exists(output) && Files.isSameFile(input, output)) {
                throw new IllegalArgumentException(
                        output + ": the output is also an input; choose another name, nothing was changed");
            }
        }
    }

    /**
     * Checks that no file would replace another. Names that differ only in case count as one, as they do on many systems.
     *
     * @throws IllegalArgumentException in one sentence
     */
    static void requireDistinct(List<Path> outputs) throws IOException {
        Set<String> places = new HashSet<>();
        for (Path output : outputs) {
            Path folder = output.toAbsolutePath().getParent().toRealPath();
            String place = folder.resolve(output.getFileName()).toString();
            if (!places.add(StructureNames.withoutCase(place))) {
                throw new IllegalArgumentException(
                        output + ": two results would have this name; choose another one for either");
            }
        }
    }

    /** Checks that a name ends with .png. */
    static void requirePng(Path output) {
        if (!output.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException(output + ": the preview is a PNG file, its name must end with .png");
        }
    }

    /** Checks that a name ends with .nii or .nii.gz. */
    static void requireNifti(Path output) {
        String name = output.toString(); // the root folder has no file name
        if (!name.endsWith(".nii") && !name.endsWith(".nii.gz")) {
            throw new IllegalArgumentException(
                    output + ": the output is a NIfTI file, its name must end with .nii or .nii.gz");
        }
    }

    private static String ending(Path output) {
        return output.getFileName().toString().endsWith(".gz") ? ".nii.gz" : ".nii";
    }

    /** {@code out.nii.gz} and {@code probability} to {@code out.probability.nii.gz}. */
    static Path beside(Path output, String word) {
        return withStem(output, word, ending(output));
    }

    /** {@code out.nii.gz} to {@code out.json}. */
    static Path sidecar(Path output) {
        return withStem(output, "", ".json");
    }

    private static Path withStem(Path output, String word, String ending) {
        String name = output.getFileName().toString();
        String stem = name.substring(0, name.length() - ending(output).length());
        return output.resolveSibling(stem + (word.isEmpty() ? "" : "." + word) + ending);
    }

    /** A name as part of a file name: its letters and digits, at most {@value #LONGEST_SLUG} of them, as no system takes names of any length. */
    static String slug(String name) {
        String slug = name.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", "_")
                .replaceAll("^_+|_+$", "");
        int end = slug.offsetByCodePoints(0, Math.min(LONGEST_SLUG, slug.codePointCount(0, slug.length())));
        return slug.isEmpty() ? "structure" : slug.substring(0, end);
    }

    /** Writes a text file, all or nothing. */
    static void writeText(String text, Path file) throws IOException {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
