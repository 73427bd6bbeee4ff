package org.segvol.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.io.AtomicFile;
import org.segvol.io.NumpyVolumes;
import org.segvol.io.SparseLabelsWriter;
import org.segvol.preprocess.ForegroundVolume;
import org.segvol.weights.JsonText;

/**
 * A data set in the published layout (spec 5.1): a folder CODE with the list {@code CODE.json} and for each case a folder with {@code image.npy},
 * {@code mask_(channels, x, y, z).npz} and perhaps {@code pseudo_mask.npy}. The list has {@code labels}, from 0 for background upwards, and
 * the files of its cases under {@code training} (or {@code train}) and {@code test}.
 */
public final class PublishedDataSet {
    /** The name of an image's file. */
    public static final String IMAGE = "image.npy";
    /** The name of a pseudo mask's file. */
    public static final String PSEUDO_MASK = "pseudo_mask.npy";

    private static final List<String> TRAINING = List.of("training", "train");

    private PublishedDataSet() {}

    /** Whether a folder is a data set in this layout, told by its list. */
    public static boolean isOne(Path folder) {
        return Files.isRegularFile(listOf(folder));
    }

    /**
     * The training cases, in the order of the list. Paths of another machine are looked for in the data set's own folder.
     *
     * @param data the folder CODE or the list in it
     * @throws DataSetException when the list is not of this layout or a file is missing
     */
    public static List<PublishedCase> training(Path data) throws DataSetException {
        return read(data, TRAINING);
    }

    /** The test cases; see {@link #training}. */
    public static List<PublishedCase> test(Path data) throws DataSetException {
        return read(data, List.of("test"));
    }

    private static Path listOf(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return folder.resolve((name == null ? "dataset" : name) + ".json");
    }

    private static List<PublishedCase> read(Path data, List<String> parts) throws DataSetException {
        Path list = Files.isDirectory(data) ? listOf(data) : data;
        if (!Files.isRegularFile(list)) {
            throw new DataSetException(list, "there is no such list; a published data set has one named as its folder");
        }
        if (!(JsonFile.read(list) instanceof Map<?, ?> json)) {
            throw new DataSetException(list, "expected an object with labels and training");
        }
        List<String> names = names(json.get("labels"), list);
        for (String part : parts) {
            if (json.get(part) instanceof List<?> entries) {
                return cases(entries, names, list);
            }
        }
        throw new DataSetException(list, "expected a list of cases under " + String.join(" or ", parts));
    }

    /** Names of the channels; channel n has label value n + 1. */
    private static List<String> names(Object labels, Path list) throws DataSetException {
        SortedMap<Integer, String> names = LabelNames.of(labels, list, "labels: ");
        if (names.lastKey() != names.size()) {
            throw new DataSetException(
                    list, "labels: expected the values 1 to " + names.size() + ", found " + names.keySet());
        }
        return List.copyOf(names.values());
    }

    private static List<PublishedCase> cases(List<?> entries, List<String> names, Path list) throws DataSetException {
        List<PublishedCase> cases = new ArrayList<>();
        for (Object entry : entries) {
            String where = "case " + cases.size() + ": ";
            if (!(entry instanceof Map<?, ?> files)) {
                throw new DataSetException(list, where + "expected an object with image and label, found " + entry);
            }
            Path image = file(files.get("image"), list, where + "image"),
                    labels = file(files.get("label"), list, where + "label");
            cases.add(new PublishedCase(image.getParent().getFileName().toString(), image, labels, names));
        }
        return cases;
    }

    /** A file as the list names it, or else the one of the same case beside the list. */
    private static Path file(Object named, Path list, String where) throws DataSetException {
        if (!(named instanceof String text) || text.isBlank()) {
            throw new DataSetException(list, where + ": expected a file name, found " + named);
        }
        Path folder = list.toAbsolutePath().getParent();
        String[] parts = text.split("[/\\\\]", -1);
        Path own = parts.length < 2
                ? folder.resolve(text)
                : folder.resolve(parts[parts.length - 2]).resolve(parts[parts.length - 1]);
        for (Path file : List.of(folder.resolve(text), own)) {
            if (Files.isRegularFile(file)) {
                return file.toAbsolutePath().normalize();
            }
        }
        throw new DataSetException(list, where + ": there is neither " + text + " nor " + own);
    }

    /**
     * Writes a case's image and labels; those of an earlier case of the name are replaced, also when their shape differs.
     *
     * @param dataSet the folder CODE, which must exist
     * @param name of the case
     * @param ct in stored values; it is normalised by its foreground (spec 3.4)
     * @param labels one mask for each name of the data set, in the same grid; empty ones for what the CT does not show
     */
    public static void writeCase(Path dataSet, String name, Volume ct, List<Mask> labels) throws IOException {
        if (labels.isEmpty() || !labels.get(0).size().equals(ct.size())) {
            throw new IllegalArgumentException(name + ": expected labels in the grid of the CT, " + ct.size());
        }
        Path folder = Files.createDirectories(dataSet.resolve(name));
        ForegroundVolume foreground = ForegroundVolume.of(ct);
        NumpyVolumes.writeFloats(foreground::slice, ct.size(), folder.resolve(IMAGE));
        Path written = SparseLabelsWriter.write(labels, folder);
        for (Path mask : masksIn(folder)) {
            if (!mask.equals(written)) {
                Files.delete(mask); // its name says another shape
            }
        }
    }

    /**
     * Writes the list of a data set, with absolute paths, which the published program needs.
     *
     * @param dataSet the folder CODE
     * @param names of the label channels, without background
     * @param training names of cases
     * @param test names of cases
     */
    public static void writeList(Path dataSet, List<String> names, List<String> training, List<String> test)
            throws IOException {
        Map<String, Object> labels = new LinkedHashMap<>();
        labels.put("0", "background");
        for (int n = 0; n < names.size(); n++) {
            labels.put(Integer.toString(n + 1), names.get(n));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", dataSet.toAbsolutePath().normalize().getFileName().toString());
        json.put("tensorImageSize", "4D");
        json.put("modality", Map.of("0", "CT"));
        json.put("labels", labels);
        json.put("numTraining", training.size());
        json.put("numTest", test.size());
        json.put("training", entries(dataSet, training));
        json.put("test", entries(dataSet, test));
        AtomicFile.write(listOf(dataSet), out -> out.write(JsonText.of(json).getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Object> entries(Path dataSet, List<String> cases) throws IOException {
        List<Object> entries = new ArrayList<>();
        for (String name : cases) {
            Map<String, Object> entry = new LinkedHashMap<>();
            Path folder = dataSet.toAbsolutePath().normalize().resolve(name);
            entry.put("image", folder.resolve(IMAGE).toString());
            entry.put("label", labelsIn(folder).toString());
            entries.add(entry);
        }
        return entries;
    }

    /**
     * The labels of a case's folder.
     *
     * @throws DataSetException when there is not exactly one file of labels
     */
    public static Path labelsIn(Path folder) throws IOException {
        List<Path> masks = masksIn(folder);
        if (masks.size() != 1) {
            throw new DataSetException(
                    folder, "expected one file of labels such as mask_(13, 512, 512, 300).npz, found " + masks.size());
        }
        return masks.get(0);
    }

    private static List<Path> masksIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("mask_\\(.*\\)\\.npz"))
                    .toList();
        }
    }
}
