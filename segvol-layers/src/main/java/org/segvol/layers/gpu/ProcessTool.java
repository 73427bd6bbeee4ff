package org.segvol.layers.gpu;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this machine, stopped when it takes too long. */
final class ProcessTool implements Tool {
    private static final int LONGEST_ANSWER = 1 << 20;
    private final String program;
    private final Duration limit;

    /**
     * A program.
     *
     * @param program a name to be found on the PATH, or a path
     * @param limit how long an answer may take
     */
    ProcessTool(String program, Duration limit) {
        this.program = program;
        this.limit = limit;
    }

    @Override
    public Answer ask(List<String> arguments) throws IOException {
        Path text =
                Files.createTempFile("segvol-tool", ".txt"); // a file, because reading a pipe would wait without limit
        try {
            return ask(arguments, text);
        } finally {
            Files.deleteIfExists(text);
        }
    }

    private Answer ask(List<String> arguments, Path text) throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        Process process =
                start(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(text.toFile()));
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(program + " gave no answer in " + limit.toMillis() + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("the wait for " + program + " was interrupted").initCause(e);
        } finally {
            process.destroyForcibly();
        }
        if (Files.size(text) > LONGEST_ANSWER) {
            throw new IOException(program + " gave an answer of " + Files.size(text) + " bytes");
        }
        return new Answer(process.exitValue(), new String(Files.readAllBytes(text), StandardCharsets.UTF_8));
    }

    private Process start(ProcessBuilder builder) throws IOException {
        builder.environment().put("LC_ALL", "C");
        try {
            return builder.start();
        } catch (IOException e) {
            throw (IOException) new FileNotFoundException("there is no " + program + " that could be run").initCause(e);
        }
    }
}
