package org.segvol.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segvol.weights.ModelConfig;

/**
 * The description of a golden group: configuration, seed, and for every tensor of every file its tolerance.
 *
 * @param folder where the group is
 * @param json all of it
 */
public record Manifest(Path folder, JsonObject json) {
    /**
     * What a manifest says about one tensor.
     *
     * @param shape sizes along each axis
     * @param atol largest absolute difference that is allowed
     * @param what in words
     */
    public record Expectation(List<Long> shape, double atol, String what) {}

    /** Reads a group's manifest, given as the folder or as the file. */
    public static Manifest read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("manifest.json") : path;
        return new Manifest(file.getParent(), readJson(file));
    }

    /** Reads any JSON object. */
    public static JsonObject readJson(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The group's name. */
    public Optional<String> group() {
        JsonElement group = json.get("group");
        return group == null || !group.isJsonPrimitive() ? Optional.empty() : Optional.of(group.getAsString());
    }

    /** The model's sizes. */
    public ModelConfig config() {
        return ConfigJson.parse(json.getAsJsonObject("config"));
    }

    /** The seed of weights and inputs. */
    public long seed() {
        return json.get("seed").getAsLong();
    }

    /** The group's weights. */
    public SyntheticWeights weights() {
        return new SyntheticWeights(config(), seed());
    }

    /** The cases, in the group's own form. */
    public JsonElement cases() {
        return json.get("cases");
    }

    /** Names of the tensor files, in order. */
    public List<String> files() {
        return List.copyOf(json.getAsJsonObject("tensors").keySet());
    }

    /** The tensors of one file, in order. */
    public Map<String, Expectation> expectations(String file) {
        Map<String, Expectation> expectations = new LinkedHashMap<>();
        json.getAsJsonObject("tensors").getAsJsonObject(file).asMap().forEach((name, element) -> {
            JsonObject tensor = element.getAsJsonObject();
            List<Long> shape = tensor.getAsJsonArray("shape").asList().stream()
                    .map(JsonElement::getAsLong)
                    .toList();
            String what = tensor.has("what") ? tensor.get("what").getAsString() : "";
            expectations.put(name, new Expectation(shape, tensor.get("atol").getAsDouble(), what));
        });
        return expectations;
    }
}
