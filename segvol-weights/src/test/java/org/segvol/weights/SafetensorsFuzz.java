package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.segvol.testing.ParsingBound;

/** Fuzz target: the first byte chooses whether the rest is a whole safetensors file, or its header's text before 64 bytes of data. */
public final class SafetensorsFuzz {
    private static final Path NAME = Path.of("fuzz");
    private static final int DATA = 64;

    private SafetensorsFuzz() {}

    /** The driver's entry. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        ParsingBound.check(data.length, 0, () -> parse(data));
    }

    private static void parse(byte[] data) throws IOException {
        if (data.length == 0) {
            return;
        }
        int length = data.length - 1;
        byte[] file;
        if (data[0] == 'w') {
            file = new byte[length];
            System.arraycopy(data, 1, file, 0, length);
        } else {
            ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + length + DATA).order(ByteOrder.LITTLE_ENDIAN);
            file = buffer.putLong(length).put(data, 1, length).array();
        }
        try {
            SafetensorsHeader header = SafetensorsHeader.read(MappedFile.of(NAME, file));
            long total = 0;
            for (StoredTensor tensor : header.tensors().values()) {
                total += tensor.bytes().orElseThrow().remaining();
            }
            if (total > file.length) {
                throw new AssertionError("tensors of " + total + " bytes in a file of " + file.length);
            }
            CheckpointFuzz.readAll(SafetensorsFile.contents(MappedFile.of(NAME, file)));
        } catch (CheckpointException e) {
            CheckpointFuzz.requireSentence(e);
        }
    }
}
