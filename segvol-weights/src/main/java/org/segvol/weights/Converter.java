package org.segvol.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Turns any checkpoint into one self-describing safetensors file with canonical names, or into the file that the published program loads. */
public final class Converter {
    private static final String PROGRAM = "SegVol for the JVM";

    private Converter() {}

    /** What can be written. */
    public enum Target {
        /** One self-describing safetensors file with canonical names. */
        SAFETENSORS,
        /** A PyTorch zip in the layout of SegVol_v1.pth; see {@link TorchWriter}. */
        TORCH
    }

    /** Converts to safetensors; see {@link #convert(Path, Path, Target, DType, ConfigHints, ProgressListener)}. */
    public static void convert(Path source, Path destination, DType dtype, ConfigHints hints, ProgressListener listener)
            throws IOException {
        convert(source, destination, Target.SAFETENSORS, dtype, hints, listener);
    }

    /**
     * Converts a checkpoint. All tensors of its configuration must be present and no others; an image encoder alone is allowed and marked
     * in the metadata ({@link Metadata#CONTENT}).
     *
     * @param source the checkpoint, as for {@link Checkpoint#open}
     * @param destination the file to write or replace
     * @param target what it becomes
     * @param dtype F32, F16 or BF16
     * @param hints what the source's shapes cannot tell
     * @param listener hears the bytes written so far
     * @throws CheckpointMismatchException when tensors are missing, unexpected or misshapen
     * @throws CheckpointException when the source cannot be read, or is the destination too
     */
    public static void convert(
            Path source, Path destination, Target target, DType dtype, ConfigHints hints, ProgressListener listener)
            throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            if (Files.exists(destination)) {
                for (Path file : checkpoint.files()) {
                    if (Files.isSameFile(file, destination)) {
                        throw new CheckpointException(
                                destination, "the destination is the file to convert; choose another name");
                    }
                }
            }
            ModelConfig config = checkpoint.config(hints);
            ParameterTable table = ParameterTable.of(config);
            ParameterTable expected = checkpoint.imageEncoderOnly() ? table.imageEncoder() : table;
            expected.requireMatch(checkpoint);
            TensorSource ordered = inTableOrder(checkpoint, expected);
            switch (target) {
                case SAFETENSORS ->
                    SafetensorsWriter.write(ordered, destination, dtype, metadata(checkpoint, config), listener);
                case TORCH -> TorchWriter.write(ordered, destination, dtype, 0, metadata(checkpoint, config), listener);
            }
        }
    }

    /** The entries that make a file with this configuration self-describing. */
    public static Map<String, String> metadata(ModelConfig config) {
        return Map.of(
                Metadata.CONFIG,
                ConfigMetadata.text(config),
                Metadata.CONVERTER,
                PROGRAM + " " + version(),
                Metadata.FORMAT_VERSION,
                Metadata.FORMAT_VERSION_1,
                Metadata.CONTENT,
                Metadata.CONTENT_MODEL);
    }

    private static Map<String, String> metadata(Checkpoint checkpoint, ModelConfig config) throws IOException {
        Map<String, String> entries = new TreeMap<>(metadata(config));
        entries.put(Metadata.SOURCE_SHA256, checkpoint.sha256());
        if (checkpoint.imageEncoderOnly()) {
            entries.put(Metadata.CONTENT, Metadata.CONTENT_IMAGE_ENCODER);
        }
        return entries;
    }

    /** The same model gives the same order of tensors, whatever file it comes from. */
    private static TensorSource inTableOrder(Checkpoint checkpoint, ParameterTable table) {
        return new TensorSource() {
            @Override
            public Map<String, TensorInfo> tensors() {
                return table.tensors();
            }

            @Override
            public void read(String name, FloatBuffer target) throws IOException {
                checkpoint.read(name, target);
            }
        };
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = Converter.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "unknown");
    }
}
