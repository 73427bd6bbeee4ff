package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import org.segvol.testing.ParsingBound;

/** Fuzz target: any bytes as the pickle of a zip container, whose storages all lie in one kilobyte. */
public final class PickleFuzz {
    private static final Path NAME = Path.of("fuzz");
    private static final byte[] STORAGE = new byte[1 << 10];

    private PickleFuzz() {}

    /** The driver's entry. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        ParsingBound.check(data.length, 0, () -> parse(data));
    }

    private static void parse(byte[] data) throws IOException {
        MappedFile file = MappedFile.of(NAME, STORAGE);
        try {
            PickleInput in = new PickleInput(NAME, ByteBuffer.wrap(data));
            Object root = Unpickler.load(in, new HashMap<>(), new PickleBudget());
            CheckpointFuzz.readAll(TorchState.contents(Checkpoint.Format.TORCH_ZIP, file, root, PickleFuzz::position));
        } catch (CheckpointException e) {
            CheckpointFuzz.requireSentence(e);
        }
    }

    private static long position(StorageReference storage) throws CheckpointException {
        if (storage.elements() > STORAGE.length / storage.type().bytes()) {
            throw new CheckpointException(NAME, "the storage " + storage.key() + " is too large");
        }
        return 0;
    }
}
