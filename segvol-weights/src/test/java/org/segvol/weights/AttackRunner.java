package org.segvol.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Opens hostile files as a program would and sorts what comes of it. */
final class AttackRunner {
    private final Map<String, Integer> outcomes = new TreeMap<>();

    /** Every group of generated files, by the format that they attack. */
    static Map<String, List<Attack>> groups() {
        Map<String, List<Attack>> groups = new TreeMap<>();
        groups.put("pickle in a zip file", PickleAttacks.zips());
        groups.put("pickle in the older container", PickleAttacks.legacyFiles());
        groups.put("zip", ZipAttacks.all());
        groups.put("safetensors", SafetensorsAttacks.all());
        return groups;
    }

    /**
     * Opens one file, reads every tensor, asks for the configuration.
     *
     * @return what was refused, or null when the tensors could be read
     */
    CheckpointException run(Attack attack, Path file) throws IOException {
        Files.write(file, attack.bytes());
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            for (String name : checkpoint.tensors().keySet()) {
                float[] values = checkpoint.read(name);
                checkpoint.bytes(name);
                if (name.equals("image_encoder.norm.weight") && values.length != 3) {
                    throw new AssertionError(attack + ": the plain tensor has " + values.length + " values");
                }
            }
            configuration(checkpoint);
            count("opened, the hostile part is dead weight");
            return null;
        } catch (CheckpointException e) {
            count("refused: " + kind(e.getMessage()));
            return e;
        }
    }

    /** One tensor is not enough for a configuration, so this must be refused too. */
    private static void configuration(Checkpoint checkpoint) {
        try {
            checkpoint.config();
            throw new AssertionError("a configuration from one tensor");
        } catch (CheckpointException e) {
            if (!e.getMessage().contains("configuration")) {
                throw new AssertionError(e);
            }
        }
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    Map<String, Integer> outcomes() {
        return outcomes;
    }

    private static String kind(String message) {
        for (String kind : List.of(
                "malformed pickle",
                "checksum",
                "zip entr",
                "zip directory",
                "zip64",
                "zip file",
                "not valid JSON",
                "not UTF-8",
                "safetensors header",
                "storage",
                "expected a dictionary",
                "no tensor of a SegVol model",
                "element type",
                "not a checkpoint",
                "a pickle that PyTorch did not write",
                "magic number",
                "TorchScript",
                "data.pkl",
                "follow",
                "axes",
                "bytes",
                "tensor",
                "__metadata__",
                "endian")) {
            if (message.contains(kind)) {
                return kind;
            }
        }
        return "other";
    }
}
