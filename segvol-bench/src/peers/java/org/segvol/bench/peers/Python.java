package org.segvol.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A Python with torch, and the scripts beside {@code segvol-bench/peers/run}.
 *
 * @param command the interpreter
 * @param scripts folder of the scripts
 */
record Python(String command, Path scripts) {
    /**
     * The interpreter that was asked for, or {@code python3} when it has torch, or null.
     *
     * @throws IllegalArgumentException when the one asked for has no torch
     */
    static Python find(String asked, Path scripts) throws IOException, InterruptedException {
        String command = asked == null ? "python3" : asked;
        boolean usable = succeeds(command, "-c", "import torch, numpy");
        if (!usable && asked != null) {
            throw new IllegalArgumentException(
                    "--python " + asked + ": expected a Python that can import torch and numpy; name another one");
        }
        return usable ? new Python(command, scripts) : null;
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    /** The command line of one of the scripts. */
    List<String> script(String name) {
        return List.of(command, scripts.resolve(name).toString());
    }
}
