package org.segvol.bench.peers;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** This side of a {@link Worker}, or of {@code measure.py}, which answers in the same way. Owns the process. */
final class WorkerProcess implements AutoCloseable {
    private final Path log;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter commands;
    private final String description;

    /**
     * Starts a process and waits until it has run once.
     *
     * @param log where its error output goes
     */
    WorkerProcess(List<String> command, Map<String, String> environment, Path log) throws IOException {
        this.log = log;
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().putAll(environment);
        this.process = builder.start();
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.description = answer("ready");
    }

    /** The program and its version. */
    String description() {
        return description;
    }

    /** Nanoseconds of one run. */
    long run() throws IOException {
        return Long.parseLong(ask("run", "nanos"));
    }

    /** What is compared. */
    float[] output(Path file) throws IOException {
        ask("output " + file, "written");
        return Tokens.read(file);
    }

    /** Nanoseconds of each operation. */
    long[] layers(int runs) throws IOException {
        return Arrays.stream(ask("layers " + runs, "layers").split(" ", -1))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    /** Peak resident memory. */
    long peakKilobytes() throws IOException {
        return Long.parseLong(ask("memory", "kilobytes"));
    }

    private String ask(String command, String kind) throws IOException {
        commands.write(command);
        commands.newLine();
        commands.flush();
        return answer(kind);
    }

    private String answer(String kind) throws IOException {
        String wanted = Worker.PREFIX + kind;
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(wanted)) {
                return line.substring(wanted.length()).strip();
            }
        }
        throw new IOException("a worker process ended instead of answering \"" + kind + "\"; see " + log);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
