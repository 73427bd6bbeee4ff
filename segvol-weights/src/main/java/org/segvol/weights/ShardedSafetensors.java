package org.segvol.weights;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A model in several safetensors files, with an index that says which file holds which tensor (spec 6.2). */
final class ShardedSafetensors {
    private static final long MAX_INDEX_BYTES = 8L << 20;
    private static final int MAX_SHARDS = 200;
    private static final int LONGEST_NAME = 255;

    private final MappedFile index;

    private ShardedSafetensors(MappedFile index) {
        this.index = index;
    }

    /** Opens all shards beside the index. The index file stays owned by the caller when this fails. */
    static Contents contents(MappedFile index) throws IOException {
        return new ShardedSafetensors(index).open();
    }

    private Contents open() throws IOException {
        Map<String, List<String>> namesByFile = new TreeMap<>();
        for (Map.Entry<?, ?> entry : weightMap().entrySet()) {
            if (!(entry.getValue() instanceof String file)) {
                throw error("expected a file name for the tensor " + entry.getKey());
            }
            namesByFile.computeIfAbsent(file, f -> new ArrayList<>()).add((String) entry.getKey());
        }
        if (namesByFile.size() > MAX_SHARDS) {
            throw error("found " + namesByFile.size() + " files, at most " + MAX_SHARDS + " are supported");
        }
        List<MappedFile> mapped = new ArrayList<>(List.of(index));
        try {
            return contents(namesByFile, mapped);
        } catch (IOException | RuntimeException e) {
            for (MappedFile file : mapped) {
                file.close();
            }
            throw e;
        }
    }

    private Contents contents(Map<String, List<String>> namesByFile, List<MappedFile> mapped) throws IOException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new TreeMap<>();
        List<String> skipped = new ArrayList<>();
        for (Map.Entry<String, List<String>> shard : namesByFile.entrySet()) {
            MappedFile file = MappedFile.open(beside(shard.getKey()));
            mapped.add(file);
            SafetensorsHeader header = SafetensorsHeader.read(file);
            metadata.putAll(header.metadata());
            Map<String, StoredTensor> unlisted = new LinkedHashMap<>(header.tensors());
            for (String name : shard.getValue()) {
                if (unlisted.remove(name) == null) {
                    throw error("the tensor " + name + " is not in " + shard.getKey()
                            + ", where the index says it is; download the files again");
                }
            }
            header.tensors().forEach((name, tensor) -> {
                if (unlisted.containsKey(name)) {
                    skipped.add(name + ": not in the index");
                } else {
                    tensors.put(name, tensor);
                }
            });
        }
        List<Path> files = mapped.stream().map(MappedFile::path).toList();
        return new Contents(
                Checkpoint.Format.SAFETENSORS_SHARDED, files, List.copyOf(mapped), tensors, metadata, skipped);
    }

    private Map<?, ?> weightMap() throws IOException {
        if (index.size() > MAX_INDEX_BYTES) {
            throw error("the index has " + index.size() + " bytes, more than " + MAX_INDEX_BYTES);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(index.slice(0, index.size()))
                    .toString();
            if (JsonReader.parseObject(text).get("weight_map") instanceof Map<?, ?> map) {
                return map;
            }
            throw error("expected an object under weight_map, as in model.safetensors.index.json");
        } catch (CharacterCodingException e) {
            throw new CheckpointException(index.path(), "the index is not UTF-8", e);
        } catch (JsonReader.JsonException e) {
            throw new CheckpointException(index.path(), "the index is not valid JSON: " + e.getMessage(), e);
        }
    }

    /** A shard's path; its name must not lead out of the index's folder. */
    private Path beside(String name) throws CheckpointException {
        if (name.length() > LONGEST_NAME) {
            throw error("expected file names of at most " + LONGEST_NAME + " characters in the index, found "
                    + name.substring(0, LONGEST_NAME) + "...");
        }
        if (name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || name.chars().anyMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ')) {
            throw error("expected plain file names in the index, found \"" + name + "\"");
        }
        try {
            return index.path().resolveSibling(name);
        } catch (InvalidPathException e) {
            throw new CheckpointException(index.path(), "the index names a file that cannot exist here: " + name, e);
        }
    }

    private CheckpointException error(String message) {
        return new CheckpointException(index.path(), message);
    }
}
