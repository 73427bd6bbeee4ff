package org.segvol.weights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model configuration as a JSON file, with the keys of a converted checkpoint's metadata ({@link Metadata#CONFIG}). */
public final class ConfigFile {
    private static final long LARGEST = 1 << 16;

    private ConfigFile() {}

    /**
     * Reads a configuration.
     *
     * @throws CheckpointException when the file is not one, with what is missing or wrong
     * @throws IOException when it cannot be read
     */
    public static ModelConfig read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new CheckpointException(file, "a model configuration has at most " + LARGEST + " bytes");
        }
        return parse(file, Files.readString(file, StandardCharsets.UTF_8));
    }

    /** Reads a configuration from its text; {@code file} is named in errors. */
    public static ModelConfig parse(Path file, String text) throws CheckpointException {
        return ConfigMetadata.parse(file, text, ConfigHints.NONE);
    }

    /** A configuration as JSON. */
    public static String text(ModelConfig config) {
        return ConfigMetadata.text(config);
    }
}
