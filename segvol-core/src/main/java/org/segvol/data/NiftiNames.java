package org.segvol.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files by the part of their name before {@code .nii} or {@code .nii.gz}. */
final class NiftiNames {
    private static final List<String> ENDINGS = List.of(".nii.gz", ".nii");

    private NiftiNames() {}

    /** {@code liver_1.nii.gz} to {@code liver_1}; null for other files. */
    static String stem(Path file) {
        String name = file.getFileName().toString();
        for (String ending : ENDINGS) {
            if (name.endsWith(ending) && name.length() > ending.length()) {
                return name.substring(0, name.length() - ending.length());
            }
        }
        return null;
    }

    /** The file with a stem in a folder, or null. */
    static Path find(Path folder, String stem) throws DataSetException {
        Path found = null;
        for (String ending : ENDINGS) {
            Path file = folder.resolve(stem + ending);
            if (Files.isRegularFile(file)) {
                if (found != null) {
                    throw new DataSetException(
                            folder,
                            "both " + found.getFileName() + " and " + file.getFileName() + " are there; keep one");
                }
                found = file;
            }
        }
        return found;
    }

    /** A folder's entries in the order of their names, without hidden ones. */
    static List<Path> entries(Path folder) throws DataSetException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DataSetException(folder, "expected a folder that can be read", e);
        }
    }
}
