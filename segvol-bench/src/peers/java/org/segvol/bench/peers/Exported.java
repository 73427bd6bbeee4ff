package org.segvol.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that the peers read, made by {@code export.py} when they are not there. */
final class Exported {
    static final String ONNX = "encoder.onnx";
    static final String TORCHSCRIPT = "encoder.torchscript";

    private Exported() {}

    /**
     * Makes the files when one is missing or older than the weights.
     *
     * @throws IllegalArgumentException when they cannot be made
     */
    static void require(PeersOptions options, Python python) throws IOException, InterruptedException {
        if (fresh(options, ONNX) && fresh(options, TORCHSCRIPT)) {
            return;
        }
        if (python == null || options.oracle() == null) {
            throw new IllegalArgumentException(options.folder() + " has no " + ONNX + " and " + TORCHSCRIPT
                    + " newer than the weights; name --oracle and a --python with torch and onnx, which make them");
        }
        System.err.println("exporting the encoder to " + options.folder());
        List<String> command = new ArrayList<>(python.script("export.py"));
        command.addAll(List.of(
                "--oracle",
                options.oracle().toString(),
                "--checkpoint",
                options.weights().toString(),
                options.folder().toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalArgumentException("the export failed; its message stands above");
        }
    }

    private static boolean fresh(PeersOptions options, String name) throws IOException {
        Path file = options.folder().resolve(name);
        return Files.exists(file)
                && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(options.weights())) > 0;
    }
}
