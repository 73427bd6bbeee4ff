package org.segvol.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@code labels.json} or {@code dataset.json} says: the names of label values, and which structures contain others, as
 * {@code {"labels": {"liver": 1, "liver tumor": 10}, "contains": {"liver": ["liver tumor"]}}}.
 *
 * @param names of label values
 * @param contains label values that belong to a structure besides its own
 */
record LabelFile(SortedMap<Integer, String> names, SortedMap<Integer, SortedSet<Integer>> contains) {
    private static final List<String> FILES = List.of("labels.json", "dataset.json");

    /** What a folder's file says, or null when it has neither. */
    static LabelFile ofFolder(Path folder) throws DataSetException {
        for (String name : FILES) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                return read(file);
            }
        }
        return null;
    }

    static LabelFile read(Path file) throws DataSetException {
        Object json = JsonFile.read(file);
        if (json instanceof Map<?, ?> object && object.get("labels") instanceof Map<?, ?> inner) {
            SortedMap<Integer, String> names = LabelNames.of(inner, file, "");
            return new LabelFile(names, contains(object.get("contains"), names, file));
        }
        return new LabelFile(LabelNames.of(json, file, ""), new TreeMap<>());
    }

    private static SortedMap<Integer, SortedSet<Integer>> contains(
            Object json, SortedMap<Integer, String> names, Path file) throws DataSetException {
        SortedMap<Integer, SortedSet<Integer>> contains = new TreeMap<>();
        if (json == null) {
            return contains;
        }
        if (!(json instanceof Map<?, ?> object)) {
            throw new DataSetException(
                    file, "contains: expected lists of names such as {\"liver\": [\"liver tumor\"]}, found " + json);
        }
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            if (!(entry.getValue() instanceof List<?> inner)) {
                throw new DataSetException(
                        file,
                        "contains: expected a list of names for \"" + entry.getKey() + "\", found " + entry.getValue());
            }
            SortedSet<Integer> values = new TreeSet<>();
            for (Object name : inner) {
                values.add(value(name, names, file));
            }
            int outer = value(entry.getKey(), names, file);
            if (values.contains(outer)) {
                throw new DataSetException(file, "contains: \"" + entry.getKey() + "\" cannot contain itself");
            }
            contains.put(outer, values);
        }
        return contains;
    }

    private static int value(Object name, SortedMap<Integer, String> names, Path file) throws DataSetException {
        for (Map.Entry<Integer, String> entry : names.entrySet()) {
            if (entry.getValue().equals(name)) {
                return entry.getKey();
            }
        }
        throw new DataSetException(
                file, "contains: no label is called \"" + name + "\"; the labels are " + names.values());
    }
}
