package org.segvol.train;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Supplier;
import org.segvol.weights.CheckpointException;
import org.segvol.weights.DType;
import org.segvol.weights.SafetensorsFile;
import org.segvol.weights.SafetensorsWriter;

/**
 * Image tokens on disk: each view is encoded once by the fastest engine, whatever the number of epochs. A file is named by a hash of all that
 * its content depends on, so that a cache can be shared by runs and is never stale.
 */
final class EmbeddingCache {
    private static final String TENSOR = "tokens";

    private final Path folder;

    /** A cache in a folder, which is made when it is missing. */
    EmbeddingCache(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /**
     * The tokens of a view.
     *
     * @param key all that they depend on
     * @param encode computes them when they are not there
     * @throws IOException when a file of the cache cannot be read or written
     */
    float[] get(String key, Supplier<float[]> encode) throws IOException {
        Path file = folder.resolve(hash(key) + ".safetensors");
        if (Files.exists(file)) {
            try (SafetensorsFile stored = SafetensorsFile.open(file)) {
                return stored.read(TENSOR);
            } catch (CheckpointException e) {
                throw new IOException(
                        "image tokens kept in " + folder + " cannot be read (" + e.getMessage()
                                + "); without the file they are made anew",
                        e);
            }
        }
        float[] tokens = encode.get();
        NamedValues values = new NamedValues();
        values.put(TENSOR, new long[] {tokens.length}, FloatBuffer.wrap(tokens));
        SafetensorsWriter.write(values, file, DType.F32, Map.of("key", key));
        return tokens;
    }

    private static String hash(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
