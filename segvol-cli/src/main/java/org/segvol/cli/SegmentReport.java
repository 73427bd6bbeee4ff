package org.segvol.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.segvol.LabelMap;
import org.segvol.Options;
import org.segvol.Prompt;
import org.segvol.SegVol;
import org.segvol.Segmentation;
import org.segvol.Timings;
import org.segvol.Timings.Stage;
import org.segvol.files.PlainText;
import org.segvol.image.VoxelBox;
import org.segvol.image.WorldPoint;
import org.segvol.infer.NetworkRegion;

/** What a segmentation says on stdout, for people or for machines. */
final class SegmentReport {
    private final Map<String, Object> head = new LinkedHashMap<>();
    private final List<Map<String, Object>> structures = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final Timings timings = new Timings();
    private final SegVol model;
    private final long start;
    private int encoderPasses;

    /**
     * A report of a command that has just read the weights and the volume.
     *
     * @param start when it began, as {@link System#nanoTime}
     */
    SegmentReport(SegVol model, Options options, String precision, Path ct, Path weights, long start) {
        this.model = model;
        this.start = start;
        head.put("engine", model.engineName());
        head.put("precision", precision);
        head.put("variant", options.variant().name());
        head.put("mode", options.mode().word());
        head.put("input", ct.toString());
        head.put("weights", weights.toString());
        head.put("seed", options.seed());
        head.put("threshold", options.threshold());
        timings.add(Stage.LOAD, System.nanoTime() - start);
    }

    /**
     * Adds the structures of one call.
     *
     * @param names what they are called
     * @param found the results in the same order
     * @param map the label map that holds them all, or null when each has a file of its own
     * @param files where each one is
     * @param stabilities one for each, or none
     * @param writing what writing took, in nanoseconds
     */
    void add(
            List<String> names,
            List<Segmentation> found,
            LabelMap map,
            List<Path> files,
            List<Double> stabilities,
            long writing) {
        timings.add(Stage.WRITE, writing);
        long[] inMap = map == null ? null : map.counts();
        for (int i = 0; i < found.size(); i++) {
            Segmentation one = found.get(i);
            timings.add(one.timings());
            encoderPasses += one.encoderPasses();
            Structure structure = new Structure(
                    names.get(i),
                    i + 1,
                    one,
                    inMap == null ? null : inMap[i],
                    files.get(i),
                    stabilities.isEmpty() ? null : stabilities.get(i));
            structures.add(object(structure));
            describe(structure);
        }
    }

    /** One structure; {@code voxelsInMap} is null without a label map, {@code stability} when nobody asked for it. */
    private record Structure(
            String name, int value, Segmentation found, Long voxelsInMap, Path file, Double stability) {}

    private static Map<String, Object> object(Structure structure) {
        Segmentation one = structure.found();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", structure.name());
        out.put("value", structure.value());
        out.put("prompt", prompt(one.prompt()));
        out.put("voxels", one.mask().count());
        if (structure.voxelsInMap() != null) {
            out.put("voxels_in_map", structure.voxelsInMap());
        }
        out.put("ml", one.millilitres());
        VoxelBox bounds = one.bounds();
        out.put("box", bounds == null ? null : limits(bounds));
        WorldPoint centre = one.centroid();
        out.put("centroid_mm", centre == null ? null : List.of(centre.right(), centre.anterior(), centre.superior()));
        NetworkRegion region = one.trace().region();
        out.put(
                "region",
                region == null
                        ? null
                        : List.of(
                                List.of(region.d0(), region.h0(), region.w0()),
                                List.of(region.d1(), region.h1(), region.w1())));
        out.put("windows", one.trace().windows().size());
        Double stability = structure.stability();
        if (stability != null) {
            out.put("stability", stability.isNaN() ? null : stability);
        }
        out.put("warnings", one.warnings());
        out.put("file", structure.file().toString());
        return out;
    }

    private static Map<String, Object> prompt(Prompt prompt) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("text", prompt.text());
        out.put("box", prompt.box() == null ? null : limits(prompt.box()));
        List<List<Integer>> inside = new ArrayList<>(), outside = new ArrayList<>();
        prompt.clicks().forEach(c -> (c.inside() ? inside : outside).add(List.of(c.at().i(), c.at().j(), c.at().k())));
        out.put("points", inside);
        out.put("negative_points", outside);
        return out;
    }

    private static List<Integer> limits(VoxelBox box) {
        return List.of(
                box.min().i(),
                box.min().j(),
                box.min().k(),
                box.max().i(),
                box.max().j(),
                box.max().k());
    }

    private void describe(Structure structure) {
        Segmentation one = structure.found();
        String name = PlainText.of(structure.name()); // names can come from a stranger's prompt file
        VoxelBox bounds = one.bounds();
        if (bounds == null) {
            text.append(
                    String.format(Locale.ROOT, "%s: nothing found; an empty mask is in %s%n", name, structure.file()));
        } else {
            text.append(String.format(
                    Locale.ROOT,
                    "%s: %.1f ml (%d voxels), voxels %s to %s, in %s%n",
                    name,
                    one.millilitres(),
                    one.mask().count(),
                    bounds.min(),
                    bounds.max(),
                    structure.file()));
        }
        if (structure.voxelsInMap() != null
                && structure.voxelsInMap() < one.mask().count()) {
            text.append(String.format(
                    Locale.ROOT,
                    "  note: %d of its %d voxels have its value %d in the label map; in the others another structure is more probable, or as"
                            + " probable and named earlier%n",
                    structure.voxelsInMap(),
                    one.mask().count(),
                    structure.value()));
        }
        if (structure.stability() != null) {
            text.append("  stability under small shifts of the prompt: ")
                    .append(stability(one.prompt(), structure.stability()))
                    .append(System.lineSeparator());
        }
        for (String warning : one.warnings()) {
            if (bounds != null || !warning.equals("nothing was found")) {
                text.append("  note: ").append(PlainText.of(warning)).append(System.lineSeparator());
            }
        }
    }

    private static String stability(Prompt prompt, double value) {
        if (!Double.isNaN(value)) {
            return String.format(Locale.ROOT, "%.2f", value);
        }
        return prompt.box() == null && prompt.clicks().isEmpty()
                ? "not defined for a text without a box or point, which has no place to shift"
                : "not defined where the zoom-out view shows nothing";
    }

    String text() {
        text.append(String.format(
                Locale.ROOT,
                "%d encoder passes with %s, %.1f s in all%n",
                encoderPasses,
                head.get("engine"),
                seconds()));
        return text.toString();
    }

    /** All that passed since the command began, also what no stage counts. */
    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    String json() throws IOException {
        Map<String, Object> out = new LinkedHashMap<>(head);
        out.put("weights_sha256", model.checkpoint().sha256());
        out.put("structures", structures);
        out.put("encoder_passes", encoderPasses);
        Map<String, Object> seconds = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            seconds.put(stage.name().toLowerCase(Locale.ROOT), timings.seconds(stage));
        }
        seconds.put("total", seconds());
        out.put("timings_s", seconds);
        return json(out);
    }

    /** As JSON; control and format characters that JSON would let through are escaped, as a terminal may obey them. */
    private static String json(Object value) {
        Gson gson = new GsonBuilder()
                .setPrettyPrinting()
                .serializeNulls()
                .disableHtmlEscaping()
                .create(); // takes its time, and most calls print text
        StringBuilder out = new StringBuilder();
        for (char c : gson.toJson(value).toCharArray()) {
            boolean steers = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
            out.append(steers && c != '\n' ? String.format("\\u%04x", (int) c) : c);
        }
        return out + System.lineSeparator();
    }

    /**
     * The names of a label map's values.
     *
     * @throws IllegalArgumentException when two structures have one name
     */
    static String names(List<String> names) {
        Map<String, Integer> values = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            if (values.put(names.get(i), i + 1) != null) {
                throw new IllegalArgumentException(
                        "two structures of the label map are called " + names.get(i) + "; give each a name of its own");
            }
        }
        return json(Map.of("labels", values));
    }
}
