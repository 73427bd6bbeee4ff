package org.segvol.testing;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs inputs through a fuzz target again, for example to measure what they cover: {@code FuzzReplay CLASS FOLDER...}. */
final class FuzzReplay {
    private FuzzReplay() {}

    public static void main(String[] arguments) throws Exception {
        Method target = Class.forName(arguments[0]).getMethod("fuzzerTestOneInput", byte[].class);
        int inputs = 0;
        for (int n = 1; n < arguments.length; n++) {
            for (Path input : inputs(Path.of(arguments[n]))) {
                target.invoke(null, (Object) Files.readAllBytes(input));
                inputs++;
            }
        }
        System.out.println(inputs + " inputs");
    }

    private static List<Path> inputs(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
