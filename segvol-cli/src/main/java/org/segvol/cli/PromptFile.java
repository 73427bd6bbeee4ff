package org.segvol.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final int LONGEST_SHOWN = 40;

    private static final String EXPECTED =
            "expected a JSON list of prompts such as [{\"text\": \"liver\", \"box\": [0,0,0,9,9,9]}]";

    /** All that is taken of Gson's own words. */
    private static final Pattern PLACE = Pattern.compile("line \\d+ column \\d+");

    private PromptFile() {}

    /** One structure of the file. */
    record Structure(String name, Prompt prompt) {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException in one sentence, when it is not such a list
     */
    static List<Structure> read(Path file) throws IOException {
        List<JsonElement> elements = elements(file);
        List<Structure> structures = new ArrayList<>();
        for (JsonElement element : elements) {
            int index = structures.size();
            try {
                structures.add(structure(element, index));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ": prompt " + index + ": " + e.getMessage(), e);
            }
        }
        if (structures.isEmpty()) {
            throw new IllegalArgumentException(file + ": the list is empty; name at least one structure");
        }
        return structures;
    }

    private static List<JsonElement> elements(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + ": this is a folder; name a JSON file with a list of prompts");
        }
        if (Files.isRegularFile(file) && Files.size(file) > LARGEST_FILE) {
            throw new IllegalArgumentException(file + ": expected a list of prompts of at most " + LARGEST_FILE
                    + " bytes, found " + Files.size(file));
        }
        try {
            JsonElement root = JsonParser.parseString(Files.readString(file));
            if (root.isJsonArray()) {
                return root.getAsJsonArray().asList();
            }
            throw new IllegalArgumentException(file + ": " + EXPECTED + ", found " + shown(root));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": expected a JSON list of prompts in UTF-8", e);
        } catch (JsonParseException e) {
            Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
            throw new IllegalArgumentException(
                    file + ": " + EXPECTED + ", found no JSON" + (place.find() ? " at " + place.group() : ""), e);
        }
    }

    private static Structure structure(JsonElement element, int index) {
        if (!element.isJsonObject()) {
            throw new IllegalArgumentException(
                    "expected an object such as {\"text\": \"liver\"}, found " + shown(element));
        }
        JsonObject object = element.getAsJsonObject();
        for (String key : object.keySet()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(
                        "unknown key " + shortened(key) + "; known are name, text, box, points, negative_points");
            }
        }
        Prompt prompt = Prompt.NONE;
        if (object.has("text")) {
            prompt = prompt.andText(text(object, "text"));
        }
        if (object.has("box")) {
            int[] b = indices(object.get("box"), 6, "box is a list of six indices");
            prompt = prompt.box(VoxelBox.of(b[0], b[1], b[2], b[3], b[4], b[5]));
        }
        for (VoxelPoint point : points(object, "points")) {
            prompt = prompt.point(point);
        }
        for (VoxelPoint point : points(object, "negative_points")) {
            prompt = prompt.negativePoint(point);
        }
        requireSomethingPositive(prompt);
        String name = object.has("name")
                ? text(object, "name")
                : prompt.text() != null ? prompt.text() : "structure " + (index + 1);
        return new Structure(name, prompt);
    }

    private static void requireSomethingPositive(Prompt prompt) {
        if (prompt.isEmpty()) {
            throw new IllegalArgumentException("it is empty; give it a text, a box or points");
        }
        if (prompt.text() == null
                && prompt.box() == null
                && prompt.clicks().stream().noneMatch(Prompt.Click::inside)) {
            throw new IllegalArgumentException("negative points alone say only what the structure is not;"
                    + " say what it is with a text, a box or points");
        }
    }

    private static List<VoxelPoint> points(JsonObject object, String key) {
        if (!object.has(key)) {
            return List.of();
        }
        List<VoxelPoint> points = new ArrayList<>();
        for (JsonElement point : list(object.get(key), key + " is a list of points")) {
            int[] p = indices(point, 3, "a point of " + key + " is a list of three indices");
            points.add(new VoxelPoint(p[0], p[1], p[2]));
        }
        return points;
    }

    private static JsonArray list(JsonElement element, String expected) {
        if (!element.isJsonArray()) {
            throw new IllegalArgumentException(expected + ", found " + shown(element));
        }
        return element.getAsJsonArray();
    }

    private static int[] indices(JsonElement element, int count, String expected) {
        JsonArray array = list(element, expected);
        if (array.size() != count) {
            throw new IllegalArgumentException(expected + ", found " + shown(array));
        }
        int[] out = new int[count];
        for (int i = 0; i < count; i++) {
            out[i] = index(array.get(i), expected);
        }
        return out;
    }

    /** A whole number; Gson's own conversion would cut fractions off and let large numbers wrap around. */
    private static int index(JsonElement element, String expected) {
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()) {
            try {
                return element.getAsBigDecimal().intValueExact();
            } catch (ArithmeticException | NumberFormatException e) {
                throw new IllegalArgumentException(expected + ", whole numbers; found " + shown(element), e);
            }
        }
        throw new IllegalArgumentException(expected + ", whole numbers; found " + shown(element));
    }

    private static String text(JsonObject object, String key) {
        JsonElement element = object.get(key);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
            throw new IllegalArgumentException(key + " is a text, found " + shown(element));
        }
        String text = element.getAsString();
        if (text.isBlank()) {
            throw new IllegalArgumentException("the " + key + " is blank; fill it in or leave it out");
        }
        return text;
    }

    /** What was found instead, in a few words. */
    private static String shown(JsonElement element) {
        if (element.isJsonArray()) {
            return "a list of " + element.getAsJsonArray().size();
        }
        return element.isJsonObject() ? "an object" : shortened(element.toString());
    }

    private static String shortened(String text) {
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
    }
}
