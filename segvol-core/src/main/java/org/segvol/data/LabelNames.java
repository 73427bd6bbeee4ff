package org.segvol.data;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names of label values as files give them: {@code {"1": "liver"}}, {@code {"liver": 1}}, or either inside {@code {"labels": ...}} as nnU-Net's
 * {@code dataset.json} has it. 0 is background whatever it is called.
 */
final class LabelNames {
    static final int LARGEST = 0xFFFF;

    private LabelNames() {}

    /** Fails with a sentence unless there are names, each for one value in range. */
    static void check(SortedMap<Integer, String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a case needs a name for at least one label value, found none");
        }
        Map<String, Integer> values = new HashMap<>();
        names.forEach((value, name) -> {
            if (value < 1 || value > LARGEST) {
                throw new IllegalArgumentException(
                        "expected label values from 1 to " + LARGEST + ", found " + value + " for \"" + name + "\"");
            }
            if (name.isBlank()) {
                throw new IllegalArgumentException("the name of label value " + value + " is empty");
            }
            Integer other = values.put(name, value);
            if (other != null) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" is the name of two label values, " + other + " and " + value);
            }
        });
    }

    /** @param where tells the place in the file, ends with a space or is empty */
    static SortedMap<Integer, String> of(Object json, Path file, String where) throws DataSetException {
        if (!(json instanceof Map<?, ?> object)) {
            throw new DataSetException(file, where + "expected names such as {\"1\": \"liver\"}, found " + json);
        }
        SortedMap<Integer, String> names = new TreeMap<>();
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            Name name = name((String) entry.getKey(), entry.getValue(), file, where);
            if (name.value == 0) {
                continue;
            }
            String other = names.put(name.value, name.text);
            if (other != null) {
                throw new DataSetException(
                        file,
                        where + "label value " + name.value + " has two names, \"" + other + "\" and \"" + name.text
                                + "\"");
            }
        }
        try {
            check(names);
        } catch (IllegalArgumentException e) {
            throw new DataSetException(file, where + e.getMessage(), e);
        }
        return names;
    }

    private record Name(int value, String text) {}

    private static Name name(String key, Object value, Path file, String where) throws DataSetException {
        if (value instanceof String text && key.matches("\\d{1,9}")) {
            return new Name(Integer.parseInt(key), text.strip());
        }
        if (value instanceof Long number && number == number.intValue()) {
            return new Name(number.intValue(), key.strip());
        }
        if (value instanceof List<?>) {
            throw new DataSetException(
                    file,
                    where + "\"" + key + "\" joins several label values, " + value
                            + "; expected one value for each name, so name the values one by one");
        }
        throw new DataSetException(
                file, where + "expected \"1\": \"liver\" or \"liver\": 1, found \"" + key + "\": " + value);
    }
}
