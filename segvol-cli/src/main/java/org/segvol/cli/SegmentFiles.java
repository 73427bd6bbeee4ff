package org.segvol.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segvol.LabelMap;
import org.segvol.Segmentation;
import org.segvol.image.Volume;
import org.segvol.io.Volumes;

/**
 * The files of a segmentation, known before anything is computed.
 *
 * @param masks where each structure's mask goes: a file of its own for each, or the label map for all of them
 * @param names the JSON file with the names of the label map's values, or null where there is no label map
 * @param probabilities a file for each structure, or none
 * @param preview the picture, or null
 */
record SegmentFiles(List<Path> masks, Path names, List<Path> probabilities, Path preview) {
    /** Copies the lists. */
    SegmentFiles {
        masks = List.copyOf(masks);
        probabilities = List.copyOf(probabilities);
    }

    /**
     * The files for some structures.
     *
     * @param output the mask of a single structure, or the label map; other files are named after it
     * @param structures their names, see {@link StructureNames#different}
     * @param separate whether each of several has a mask of its own instead of a label map
     * @param probabilities whether each has a file of probabilities
     * @param preview the picture, or null
     */
    static SegmentFiles of(
            Path output, List<String> structures, boolean separate, boolean probabilities, Path preview) {
        boolean one = structures.size() == 1, together = !one && !separate;
        List<Path> masks = new ArrayList<>(), likely = new ArrayList<>();
        for (String slug : StructureNames.slugs(structures)) {
            masks.add(one || together ? output : OutputFiles.beside(output, slug));
            if (probabilities) {
                likely.add(OutputFiles.beside(output, one ? "probability" : slug + ".probability"));
            }
        }
        return new SegmentFiles(masks, together ? OutputFiles.sidecar(output) : null, likely, preview);
    }

    /** Whether all structures are in one label map. */
    boolean together() {
        return names != null;
    }

    /**
     * Checks that every file can be written, that none replaces another, and that none is an input.
     *
     * @throws IllegalArgumentException in one sentence
     */
    void requireWritable(List<Path> inputs) throws IOException {
        List<Path> all = new ArrayList<>(together() ? List.of(masks.get(0), names) : masks);
        all.addAll(probabilities);
        if (preview != null) {
            all.add(preview);
        }
        for (Path file : all) {
            OutputFiles.requireWritable(file, inputs);
        }
        OutputFiles.requireDistinct(all);
    }

    /** Writes all but the preview; {@code map} is null where each structure has a mask of its own. */
    void write(Volume volume, List<String> structures, List<Segmentation> found, LabelMap map) throws IOException {
        if (together()) {
            Volumes.writeLabels(map::slice, found.size(), volume, masks.get(0));
            OutputFiles.writeText(SegmentReport.names(structures), names);
        } else {
            for (int i = 0; i < found.size(); i++) {
                Volumes.write(found.get(i).mask(), volume, masks.get(i));
            }
        }
        for (int i = 0; i < probabilities.size(); i++) {
            write(found.get(i).probabilities(), volume, probabilities.get(i));
        }
    }

    private static void write(float[] values, Volume volume, Path file) throws IOException {
        int slice = volume.size().ni() * volume.size().nj();
        Volumes.writeFloats((k, target) -> System.arraycopy(values, k * slice, target, 0, slice), 1, volume, file);
    }
}
