package org.segvol.phantom;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segvol.io.AtomicFile;
import org.segvol.io.Volumes;

/**
 * A phantom as files in a folder: the CT, the label map, and a JSON file with {@code labels} (name to value), {@code contains} (the liver's mask is that of these
 * names too) and {@code seed}.
 */
public final class PhantomFolder {
    /** The CT's file. */
    public static final String CT = "ct.nii.gz";
    /** The label map's file. */
    public static final String LABELS = "labels.nii.gz";
    /** The file with the names. */
    public static final String NAMES = "labels.json";
    /** The names of all files that are written. */
    public static final List<String> FILES = List.of(CT, LABELS, NAMES);

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private PhantomFolder() {}

    /**
     * Writes the three files; each is replaced as a whole or left as it was.
     *
     * @param phantom what to write
     * @param folder made when it is not there
     * @throws IOException when they cannot be written
     */
    public static void write(Phantom phantom, Path folder) throws IOException {
        Files.createDirectories(folder);
        Volumes.write(phantom.image(), folder.resolve(CT));
        Volumes.write(phantom.labels(), folder.resolve(LABELS));
        String names = names(phantom);
        AtomicFile.write(folder.resolve(NAMES), out -> out.write(names.getBytes(StandardCharsets.UTF_8)));
    }

    private static String names(Phantom phantom) {
        Map<String, Integer> values = new LinkedHashMap<>();
        for (Structure structure : Structure.values()) {
            values.put(structure.title(), structure.label());
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("labels", values);
        all.put("contains", Map.of(Structure.LIVER.title(), List.of(Structure.LIVER_TUMOR.title())));
        all.put("seed", phantom.seed());
        return GSON.toJson(all) + System.lineSeparator();
    }
}
