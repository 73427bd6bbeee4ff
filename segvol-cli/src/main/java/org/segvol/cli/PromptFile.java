package org.segvol.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.segvol.Prompt;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;

/**
 * Prompts for any number of structures from a JSON file: a list of objects with any of {@code name} (for the report), {@code text}, {@code box}
 * (six indices), {@code points} and {@code negative_points} (lists of three indices); all in stored voxels.
 */
final class PromptFile {
    private static final Set<String> KEYS = Set.of("name", "text", "box", "points", "negative_points");

    private static final long LARGEST_FILE = 16L << 20;

    private PromptFile() {}

    /** One structure of the file. */
    record Structure(String name, Prompt prompt) {}

    static List<Structure> read(Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) > LARGEST_FILE) {
            throw new IllegalArgumentException(file + ": expected a list of prompts of at most " + LARGEST_FILE
                    + " bytes, found " + Files.size(file));
        }
        try {
            List<Structure> structures = new ArrayList<>();
            for (JsonElement element :
                    JsonParser.parseString(Files.readString(file)).getAsJsonArray()) {
                structures.add(structure(element.getAsJsonObject(), structures.size()));
            }
            if (structures.isEmpty()) {
                throw new IllegalArgumentException("the list is empty");
            }
            return structures;
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(file + ": expected a JSON list of prompts in UTF-8", e);
        } catch (JsonParseException | IllegalStateException | NumberFormatException | ClassCastException e) {
            throw new IllegalArgumentException(
                    file + ": expected a JSON list of prompts such as [{\"text\": \"liver\", \"box\": [0,0,0,9,9,9]}]: "
                            + e.getMessage(),
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static Structure structure(JsonObject object, int index) {
        for (String key : object.keySet()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("prompt " + index + " has an unknown key " + key
                        + "; known are name, text, box, points, negative_points");
            }
        }
        Prompt prompt = Prompt.NONE;
        if (object.has("text")) {
            prompt = prompt.andText(text(object, "text", index));
        }
        if (object.has("box")) {
            int[] b = numbers(object.getAsJsonArray("box"), 6, "box", index);
            prompt = prompt.box(VoxelBox.of(b[0], b[1], b[2], b[3], b[4], b[5]));
        }
        for (JsonElement point : list(object, "points")) {
            int[] p = numbers(point.getAsJsonArray(), 3, "point", index);
            prompt = prompt.point(new VoxelPoint(p[0], p[1], p[2]));
        }
        for (JsonElement point : list(object, "negative_points")) {
            int[] p = numbers(point.getAsJsonArray(), 3, "negative point", index);
            prompt = prompt.negativePoint(new VoxelPoint(p[0], p[1], p[2]));
        }
        if (prompt.isEmpty()) {
            throw new IllegalArgumentException("prompt " + index + " is empty: give it a text, a box or points");
        }
        if (prompt.text() == null
                && prompt.box() == null
                && prompt.clicks().stream().noneMatch(Prompt.Click::inside)) {
            throw new IllegalArgumentException(
                    "prompt " + index
                            + " has negative points alone, which say only what the structure is not: give it a text, a box or points");
        }
        String name = object.has("name")
                ? text(object, "name", index)
                : prompt.text() != null ? prompt.text() : "structure " + (index + 1);
        return new Structure(name, prompt);
    }

    private static JsonArray list(JsonObject object, String key) {
        return object.has(key) ? object.getAsJsonArray(key) : new JsonArray();
    }

    private static int[] numbers(JsonArray array, int count, String what, int index) {
        if (array.size() != count) {
            throw new IllegalArgumentException(
                    "prompt " + index + ": a " + what + " has " + count + " indices, found " + array.size());
        }
        int[] out = new int[count];
        for (int i = 0; i < count; i++) {
            out[i] = integer(array.get(i), what, index);
        }
        return out;
    }

    /** A whole number; Gson's own conversion would cut fractions off and let large numbers wrap around. */
    private static int integer(JsonElement element, String what, int index) {
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()) {
            try {
                return element.getAsBigDecimal().intValueExact();
            } catch (ArithmeticException e) {
                throw notAnIndex(element, what, index);
            }
        }
        throw notAnIndex(element, what, index);
    }

    private static IllegalArgumentException notAnIndex(JsonElement element, String what, int index) {
        return new IllegalArgumentException(
                "prompt " + index + ": a " + what + " has whole numbers as indices, found " + element);
    }

    private static String text(JsonObject object, String key, int index) {
        JsonElement element = object.get(key);
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isString()) {
            String text = element.getAsString();
            if (text.isBlank()) {
                throw new IllegalArgumentException(
                        "prompt " + index + ": the " + key + " is blank; fill it in or leave it out");
            }
            return text;
        }
        throw new IllegalArgumentException("prompt " + index + ": expected a text for " + key + ", found " + element);
    }
}
