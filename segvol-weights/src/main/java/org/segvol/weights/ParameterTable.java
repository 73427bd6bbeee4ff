package org.segvol.weights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every tensor of a SegVol model: canonical names with shapes (spec 6.1), in the order of the network's parts. Immutable. */
public final class ParameterTable {
    private final Map<String, TensorInfo> tensors;

    private ParameterTable(Map<String, TensorInfo> tensors) {
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /** The table of a configuration; 474 tensors for the released model. */
    public static ParameterTable of(ModelConfig config) {
        return new ParameterTable(new ParameterLayout(config).tensors());
    }

    /** The part of this table that belongs to the image encoder. */
    public ParameterTable imageEncoder() {
        Map<String, TensorInfo> part = new LinkedHashMap<>(tensors);
        part.keySet().removeIf(name -> !name.startsWith(CanonicalNames.IMAGE_ENCODER));
        return new ParameterTable(part);
    }

    /** Names and shapes, as float32. */
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    /** The shape of one tensor; {@link IllegalArgumentException} when the model has none of that name. */
    public long[] shape(String name) {
        TensorInfo info = tensors.get(name);
        if (info == null) {
            throw new IllegalArgumentException("the model has no tensor named " + name);
        }
        return info.shape();
    }

    /** The number of trained values; 180,891,216 for the released model. */
    public long parameterCount() {
        return tensors.values().stream().mapToLong(TensorInfo::elementCount).sum();
    }

    /** Compares names and shapes; element types do not matter. */
    public Comparison compare(TensorSource source) {
        Map<String, TensorInfo> found = source.tensors();
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        tensors.forEach((name, expected) -> {
            TensorInfo actual = found.get(name);
            if (actual == null) {
                missing.add(name);
            } else if (!actual.sameShape(expected)) {
                misshapen.add(name + " " + actual.shapeText() + " instead of " + expected.shapeText());
            }
        });
        List<String> unexpected = found.keySet().stream()
                .filter(name -> !tensors.containsKey(name))
                .toList();
        return new Comparison(missing, unexpected, misshapen);
    }

    /**
     * Makes sure that a checkpoint holds exactly the tensors of this table.
     *
     * @throws CheckpointMismatchException when it does not, with the names
     */
    public void requireMatch(Checkpoint checkpoint) throws CheckpointMismatchException {
        Comparison comparison = compare(checkpoint);
        if (!comparison.matches()) {
            throw new CheckpointMismatchException(checkpoint.source(), comparison);
        }
    }

    /**
     * What differs between a table and a checkpoint.
     *
     * @param missing names of the table that the checkpoint lacks
     * @param unexpected names of the checkpoint that the table lacks
     * @param misshapen names of both with different shapes, and the shapes
     */
    public record Comparison(List<String> missing, List<String> unexpected, List<String> misshapen) {
        /** Copies the lists. */
        public Comparison {
            missing = List.copyOf(missing);
            unexpected = List.copyOf(unexpected);
            misshapen = List.copyOf(misshapen);
        }

        /** Whether nothing differs. */
        public boolean matches() {
            return missing.isEmpty() && unexpected.isEmpty() && misshapen.isEmpty();
        }

        /** One sentence that names the first few tensors of each kind. */
        public String message() {
            if (matches()) {
                return "all tensors match";
            }
            List<String> parts = new ArrayList<>();
            addPart(parts, "missing", missing);
            addPart(parts, "unexpected", unexpected);
            addPart(parts, "misshapen", misshapen);
            return "the tensors are not those of the model's configuration: " + String.join("; ", parts);
        }

        private static void addPart(List<String> parts, String what, List<String> names) {
            if (!names.isEmpty()) {
                parts.add(names.size() + " " + what + " (" + ListText.of(names, "none") + ")");
            }
        }
    }
}
