package org.segvol.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Hostile files name this class. If anything ever loads it, it leaves a file behind. */
public final class CanaryOfTheTests {
    static {
        try {
            Files.writeString(Path.of("canary"), "a class was loaded because a file named it");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a file would call. */
    public static void sing() {}

    private CanaryOfTheTests() {}
}
