package org.segvol.weights;

import java.io.IOException;
import java.nio.file.Path;
import org.segvol.testing.ParsingBound;

/** Fuzz target: any bytes as a checkpoint of whatever container they look like. */
public final class CheckpointFuzz {
    private static final Path NAME = Path.of("fuzz");

    private CheckpointFuzz() {}

    /** The driver's entry. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        ParsingBound.check(data.length, 0, () -> parse(data));
    }

    private static void parse(byte[] data) throws IOException {
        try {
            readAll(ContainerReader.open(MappedFile.of(NAME, data)));
        } catch (CheckpointException e) {
            requireSentence(e);
        }
    }

    /** Names, reads and describes everything. */
    static void readAll(Contents contents) throws IOException {
        long total = 0;
        try (Checkpoint checkpoint = Checkpoint.of(contents)) {
            for (TensorInfo tensor : checkpoint.tensors().values()) {
                int count = checkpoint.read(tensor.name()).length;
                total += tensor.elementCount() * tensor.dtype().bytes();
                if (count != tensor.elementCount()) {
                    throw new AssertionError(tensor + " gave " + count + " elements");
                }
            }
            long size = contents.mapped().stream().mapToLong(MappedFile::size).sum();
            if (total > 2 * size) {
                throw new AssertionError("tensors of " + total + " bytes in a file of " + size);
            }
            ParameterTable.of(checkpoint.config());
        }
    }

    static void requireSentence(CheckpointException e) {
        String message = e.getMessage();
        if (message.indexOf(": ") < 1
                || message.length() > 12_000
                || message.chars().anyMatch(c -> c < ' ')) {
            throw new AssertionError("not a sentence: " + message, e);
        }
    }
}
