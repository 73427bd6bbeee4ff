package org.segvol.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model configuration as JSON text, as it stands in a converted file's metadata. */
final class ConfigMetadata {
    private final Path file;
    private final Map<?, ?> json;

    private ConfigMetadata(Path file, Map<?, ?> json) {
        this.file = file;
        this.json = json;
    }

    static String text(ModelConfig config) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", config.name());
        json.put("window", config.window().toList());
        json.put("patch", config.patch().toList());
        json.put("hidden", config.hidden());
        json.put("mlp", config.mlp());
        json.put("layers", config.layers());
        json.put("heads", config.heads());
        json.put("decoder_depth", config.decoderDepth());
        json.put("decoder_heads", config.decoderHeads());
        json.put("decoder_mlp", config.decoderMlp());
        json.put("mask_tokens", config.maskTokens());
        json.put("quality_hidden", config.qualityHidden());
        json.put("quality_depth", config.qualityDepth());
        json.put("mask_in_channels", config.maskInChannels());
        json.put("text_vocabulary", config.textVocabulary());
        json.put("text_hidden", config.textHidden());
        json.put("text_mlp", config.textMlp());
        json.put("text_layers", config.textLayers());
        json.put("text_heads", config.textHeads());
        json.put("text_positions", config.textPositions());
        return JsonText.of(json);
    }

    /** Reads a configuration; hints that are given win. */
    static ModelConfig parse(Path file, String text, ConfigHints hints) throws CheckpointException {
        try {
            return new ConfigMetadata(file, JsonReader.parseObject(text)).config(hints);
        } catch (JsonReader.JsonException e) {
            throw new CheckpointException(
                    file, "the metadata entry " + Metadata.CONFIG + " is not valid JSON: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, e.getMessage(), e);
        }
    }

    private ModelConfig config(ConfigHints hints) throws CheckpointException {
        if (!(json.get("name") instanceof String name)) {
            throw missing("name");
        }
        return new ModelConfig(
                name,
                hints.window() == null ? extent("window") : hints.window(),
                hints.patch() == null ? extent("patch") : hints.patch(),
                integer("hidden"),
                integer("mlp"),
                integer("layers"),
                hints.heads() == null ? integer("heads") : hints.heads(),
                integer("decoder_depth"),
                hints.decoderHeads() == null ? integer("decoder_heads") : hints.decoderHeads(),
                integer("decoder_mlp"),
                integer("mask_tokens"),
                integer("quality_hidden"),
                integer("quality_depth"),
                integer("mask_in_channels"),
                integer("text_vocabulary"),
                integer("text_hidden"),
                integer("text_mlp"),
                integer("text_layers"),
                hints.textHeads() == null ? integer("text_heads") : hints.textHeads(),
                integer("text_positions"));
    }

    private int integer(String key) throws CheckpointException {
        return integer(key, json.get(key));
    }

    private int integer(String key, Object value) throws CheckpointException {
        if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw missing(key);
    }

    private Extent extent(String key) throws CheckpointException {
        if (json.get(key) instanceof List<?> sides && sides.size() == 3) {
            return new Extent(integer(key, sides.get(0)), integer(key, sides.get(1)), integer(key, sides.get(2)));
        }
        throw missing(key);
    }

    private CheckpointException missing(String key) {
        return new CheckpointException(
                file, "the metadata entry " + Metadata.CONFIG + " has no usable value for " + key);
    }
}
