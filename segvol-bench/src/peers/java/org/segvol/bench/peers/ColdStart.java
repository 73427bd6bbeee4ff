package org.segvol.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The whole command from the shell: {@code segvol segment --mode resize} of one structure. */
final class ColdStart {
    private static final long POLL_MILLISECONDS = 5;

    private final List<String> command;
    private final Path log;
    private long peakKilobytes;

    /**
     * A cold start that can be repeated; builds the command when it has to be built.
     *
     * @param launcher the script {@code segvol}
     */
    ColdStart(Path launcher, PeersOptions options) throws IOException, InterruptedException {
        this.log = options.folder().resolve("cold-start.log");
        this.command = List.of(
                launcher.toString(),
                "segment",
                options.coldCt().toString(),
                "-w",
                options.coldWeights().toString(),
                "--mode",
                "resize",
                "--text",
                "liver",
                "--threads",
                Integer.toString(options.threads()),
                "-o",
                options.folder().resolve("cold-start.nii.gz").toString());
        await(List.of(launcher.toString(), "--version"));
    }

    /** Nanoseconds from the start of the process to its end. */
    long run() throws IOException, InterruptedException {
        return await(command);
    }

    /** The most memory that was resident in any run, as seen every few milliseconds. */
    long peakKilobytes() {
        return peakKilobytes;
    }

    private long await(List<String> words) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        while (!process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
            peakKilobytes = Math.max(peakKilobytes, peakOf(status));
        }
        long nanos = System.nanoTime() - start;
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", words) + " failed; see " + log);
        }
        return nanos;
    }

    private static long peakOf(Path status) throws IOException {
        try {
            return Files.exists(status) ? Worker.peakKilobytes(status) : 0;
        } catch (IOException e) {
            if (Files.exists(status) && Files.readString(status).contains("VmHWM:")) {
                throw e;
            }
            return 0; // it has just ended
        }
    }
}
