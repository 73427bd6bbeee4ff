package org.segvol.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds golden data (spec 9.3). The root is the system property {@code segvol.golden}, relative to {@code segvol.root}, or else
 * {@code golden} below {@code segvol.root}, the top of the project.
 */
public final class GoldenFolders {
    private static final String MANIFEST = "manifest.json";
    private static final int DEPTH = 2;

    private GoldenFolders() {}

    /** The top of the project. */
    public static Path project() {
        return Path.of(System.getProperty("segvol.root", "")).toAbsolutePath().normalize();
    }

    /** The golden folder; it may not exist. */
    public static Path root() {
        String given = System.getProperty("segvol.golden", "");
        return project().resolve(given.isBlank() ? "golden" : given).normalize();
    }

    /**
     * The folders of one kind of group, sorted: the root itself or folders up to two levels below it whose manifest names a group that
     * starts with {@code prefix}, or, where there is no manifest or it names none, whose own name does.
     */
    public static List<Path> groups(String prefix) {
        List<Path> found = new ArrayList<>();
        Path root = root();
        if (Files.isDirectory(root)) {
            try (Stream<Path> folders = Files.walk(root, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
                folders.filter(Files::isDirectory)
                        .filter(folder -> isGroup(folder, prefix))
                        .sorted()
                        .forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list " + root, e);
            }
        }
        return found;
    }

    /** A file of the data that goes with the goldens, such as {@code example_ct.nii.gz}. */
    public static Optional<Path> data(String file) {
        return Stream.of(
                        root().resolve("data"),
                        root().resolveSibling("data"),
                        project().resolveSibling("shared").resolve("data"))
                .map(folder -> folder.resolve(file))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Says on the console which groups a test runs on, or why there are none. */
    public static List<Path> announced(String prefix) {
        List<Path> groups = groups(prefix);
        if (groups.isEmpty()) {
            System.out.println("golden group " + prefix + ": not run, no such folder below " + root());
        }
        groups.forEach(group -> System.out.println("golden group " + prefix + ": " + group.getFileName()));
        return groups;
    }

    private static boolean isGroup(Path folder, String prefix) {
        Path manifest = folder.resolve(MANIFEST);
        if (Files.isRegularFile(manifest)) {
            Optional<String> group = Manifest.read(manifest).group();
            if (group.isPresent()) {
                return group.get().startsWith(prefix);
            }
        }
        return folder.getFileName().toString().startsWith(prefix);
    }
}
