package org.segvol.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The inputs that are kept for a fuzz target: seeds, and what fuzzing found worth keeping. */
public final class FuzzCorpus {
    private FuzzCorpus() {}

    /** The folder {@code fuzz/TARGET} at the top of the project. */
    public static Path folder(String target) {
        return Path.of(System.getProperty("segvol.root", ".")).resolve("fuzz").resolve(target);
    }

    /** All inputs of a target, sorted. */
    public static List<Path> inputs(String target) throws IOException {
        try (Stream<Path> files = Files.list(folder(target))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
