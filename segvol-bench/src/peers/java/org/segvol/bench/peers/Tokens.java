package org.segvol.bench.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Image tokens (N,C) and other float arrays: their order, files and differences. */
final class Tokens {
    private Tokens() {}

    /** (C,N) to (N,C). */
    static float[] fromChannelsFirst(float[] embedding, int n, int c) {
        float[] tokens = new float[embedding.length];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < c; j++) {
                tokens[i * c + j] = embedding[j * n + i];
            }
        }
        return tokens;
    }

    /** {@code |actual - expected| / |expected|} in the Euclidean norm; NaN where a value is none. */
    static double relativeError(float[] expected, float[] actual) {
        if (expected.length != actual.length) {
            throw new IllegalArgumentException("expected " + expected.length + " values, found " + actual.length);
        }
        double difference = 0, size = 0;
        for (int i = 0; i < expected.length; i++) {
            double d = (double) actual[i] - expected[i];
            difference += d * d;
            size += (double) expected[i] * expected[i];
        }
        return Math.sqrt(difference / size);
    }

    /** Writes float32, little-endian. */
    static void write(float[] values, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        Files.write(file, bytes.array());
    }

    /** Reads what {@link #write} wrote. */
    static float[] read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(values);
        return values;
    }
}
