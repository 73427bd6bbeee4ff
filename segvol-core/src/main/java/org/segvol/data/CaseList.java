package org.segvol.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Cases of a JSON list; paths are relative to the list. */
final class CaseList {
    private static final Set<String> KEYS = Set.of("image", "label", "names", "name");

    private final Path file;
    private final Path folder;

    CaseList(Path file) {
        this.file = file;
        this.folder = file.toAbsolutePath().getParent();
    }

    List<LabelledCase> read() throws DataSetException {
        if (!(JsonFile.read(file) instanceof List<?> list) || list.isEmpty()) {
            throw new DataSetException(
                    file,
                    "expected a JSON list of cases such as [{\"image\": \"ct.nii.gz\", \"label\": \"labels.nii.gz\","
                            + " \"names\": {\"1\": \"liver\"}}]");
        }
        LabelFile defaults = LabelFile.ofFolder(folder);
        List<LabelledCase> cases = new ArrayList<>();
        for (Object element : list) {
            cases.add(labelled(element, "case " + cases.size() + ": ", defaults));
        }
        return cases;
    }

    private LabelledCase labelled(Object json, String where, LabelFile defaults) throws DataSetException {
        if (!(json instanceof Map<?, ?> object)) {
            throw new DataSetException(file, where + "expected an object with image and label, found " + json);
        }
        for (Object key : object.keySet()) {
            if (!KEYS.contains(key)) {
                throw new DataSetException(
                        file, where + "unknown key \"" + key + "\"; known are image, label, names and name");
            }
        }
        Path image = path(object, "image", where), label = path(object, "label", where);
        if (image.equals(label)) {
            throw new DataSetException(file, where + "image and label are the same file, " + image);
        }
        LabelFile labels = object.containsKey("names")
                ? new LabelFile(LabelNames.of(object.get("names"), file, where), new TreeMap<>())
                : defaults;
        if (labels == null) {
            throw new DataSetException(
                    file, where + "expected names such as {\"1\": \"liver\"} here or in labels.json beside the list");
        }
        return new LabelledCase(name(object, image, where), image, label, labels.names(), labels.contains());
    }

    private Path path(Map<?, ?> object, String key, String where) throws DataSetException {
        String text = text(object, key, where);
        Path path;
        try {
            path = folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new DataSetException(file, where + "expected a file name as " + key + ", found " + text, e);
        }
        if (!Files.isRegularFile(path)) {
            throw new DataSetException(file, where + "there is no " + key + " file " + path);
        }
        return path;
    }

    private String text(Map<?, ?> object, String key, String where) throws DataSetException {
        if (object.get(key) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new DataSetException(file, where + "expected a text as " + key + ", found " + object.get(key));
    }

    private String name(Map<?, ?> object, Path image, String where) throws DataSetException {
        if (object.containsKey("name")) {
            return text(object, "name", where);
        }
        String stem = NiftiNames.stem(image);
        Path parent = image.getParent().getFileName();
        return "ct".equals(stem) && parent != null
                ? parent.toString()
                : stem != null ? stem : image.getFileName().toString();
    }
}
