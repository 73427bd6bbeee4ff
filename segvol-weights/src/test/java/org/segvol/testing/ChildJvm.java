package org.segvol.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class with the tests' class path in a JVM of its own. */
public final class ChildJvm {
    private static final int MINUTES = 5;

    private ChildJvm() {}

    /**
     * How it ended.
     *
     * @param exit its exit code
     * @param output what it printed, errors among it
     */
    public record Result(int exit, String output) {}

    /** The command line. */
    public static List<String> command(String main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main);
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs it to its end. */
    public static Result run(Path folder, String main, List<String> options, String... arguments) throws IOException {
        return run(folder, command(main, options, arguments));
    }

    /** Runs a command to its end. */
    public static Result run(Path folder, List<String> command) throws IOException {
        Path output = Files.createTempFile("child", ".txt");
        try {
            Process process = start(folder, command, output);
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("no end after " + MINUTES + " minutes: " + command);
            }
            return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(output);
        }
    }

    /** Starts a command whose output goes to a file. */
    public static Process start(Path folder, List<String> command, Path output) throws IOException {
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
