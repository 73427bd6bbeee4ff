package org.segvol.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;

/** The Python interpreter named by {@code -Dsegvol.python}, for tests that let other programs read our files. */
public final class Python {
    private static final int MINUTES = 5;

    private final String interpreter;

    private Python(String interpreter) {
        this.interpreter = interpreter;
    }

    /** A test that needs Python. */
    public interface Body {
        /** Runs it. */
        void run(Python python) throws IOException;
    }

    /** The test, or none when no interpreter is named, which is said on the console. */
    public static List<DynamicTest> tests(String name, Body body) {
        String interpreter = System.getProperty("segvol.python", "");
        if (interpreter.isBlank()) {
            System.out.println(name + ": not run, name a Python interpreter with -Dsegvol.python");
            return List.of();
        }
        return List.of(DynamicTest.dynamicTest(name, () -> body.run(new Python(interpreter))));
    }

    /** Runs a script and returns what it printed; fails when it fails. */
    public String run(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(interpreter, script));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(command + " failed:\n" + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(command + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        return output;
    }
}
