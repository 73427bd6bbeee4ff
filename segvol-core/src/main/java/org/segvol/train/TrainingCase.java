package org.segvol.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.segvol.image.Voxels;
import org.segvol.preprocess.NetworkGeometry;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/**
 * A case ready for training: the CT as a network volume, its labels in the same place, and for every structure some of its voxels to centre
 * windows on. Image and labels stay in their stored types.
 */
final class TrainingCase {
    private static final int KEPT_CENTRES = 4096;
    private static final int[] NONE = {};

    private final TrainingSource source;
    private final NetworkVolume image;
    private final Voxels labels;
    private final Voxels pseudo; // null without
    private final SortedMap<Integer, String> structures = new TreeMap<>();
    private int smallest;
    private final SortedMap<Integer, int[]> owners;
    private final Map<Integer, int[]> centres = new TreeMap<>();
    private final Map<Integer, int[][]> extents = new TreeMap<>();

    private TrainingCase(TrainingSource source, TrainingSource.Content content) {
        this.source = source;
        this.image = content.image();
        this.labels = content.labels();
        this.owners = content.owners();
        this.pseudo = content.pseudo();
    }

    /**
     * Reads and prepares a case.
     *
     * @param regions folder of pseudo masks, or null
     */
    static TrainingCase load(TrainingSource source, Path regions, ModelConfig config) throws IOException {
        TrainingSource.Content content = source.load(regions, config);
        TrainingCase made = new TrainingCase(source, content);
        made.findCentres();
        return made;
    }

    private void findCentres() {
        Extent extent = image.extent();
        Map<Integer, Long> seen = new TreeMap<>();
        Map<Integer, List<Integer>> kept = new TreeMap<>();
        for (int d = 0; d < extent.d(); d++) {
            for (int h = 0; h < extent.h(); h++) {
                for (int w = 0; w < extent.w(); w++) {
                    for (int value : owners(label(d, h, w))) {
                        long count = seen.merge(value, 1L, Long::sum);
                        widen(value, d, h, w);
                        // every k-th voxel, k doubling whenever the list is full: an even sample without random numbers
                        List<Integer> list = kept.computeIfAbsent(value, v -> new ArrayList<>());
                        if ((count - 1) % stride(count) == 0) {
                            if (list.size() == KEPT_CENTRES) {
                                thin(list);
                            }
                            list.add((d * extent.h() + h) * extent.w() + w);
                        }
                    }
                }
            }
        }
        source.names().forEach((value, name) -> {
            if (kept.containsKey(value)) {
                structures.put(value, name);
                centres.put(value, kept.get(value).stream().mapToInt(i -> i).toArray());
                if (smallest == 0 || seen.get(value) < seen.get(smallest)) {
                    smallest = value;
                }
            }
        });
    }

    private void widen(int value, int... point) {
        int[][] extent = extents.computeIfAbsent(value, v -> new int[][] {point.clone(), point.clone()});
        for (int axis = 0; axis < 3; axis++) {
            extent[0][axis] = Math.min(extent[0][axis], point[axis]);
            extent[1][axis] = Math.max(extent[1][axis], point[axis]);
        }
    }

    private static long stride(long count) {
        long stride = 1;
        while (count > stride * KEPT_CENTRES) {
            stride *= 2;
        }
        return stride;
    }

    private static void thin(List<Integer> list) {
        for (int i = 0; i < list.size() / 2; i++) {
            list.set(i, list.get(2 * i));
        }
        list.subList(list.size() / 2, list.size()).clear();
    }

    /** Where it came from. */
    TrainingSource source() {
        return source;
    }

    /** The CT. */
    NetworkVolume image() {
        return image;
    }

    /** The label value of a voxel of the network volume. */
    int label(int d, int h, int w) {
        return (int) labels.get(image.geometry().storedIndex(d, h, w));
    }

    /** The structures that a voxel with this label belongs to; must not be changed. */
    int[] owners(int label) {
        return label == 0 ? NONE : owners.getOrDefault(label, NONE);
    }

    /** The structure with the fewest voxels, or 0 without any. */
    int smallest() {
        return smallest;
    }

    /** Whether there is a pseudo mask. */
    boolean hasPseudo() {
        return pseudo != null;
    }

    /** The region id of a voxel of the network volume, or -1. */
    float pseudo(int d, int h, int w) {
        return pseudo.get(image.geometry().storedIndex(d, h, w)) - 1;
    }

    /** The named structures that occur inside the crop, by label value; one also occurs where something that it contains does. */
    SortedMap<Integer, String> structures() {
        return structures;
    }

    /** Positions in C order of some voxels of a structure, evenly spread over it. */
    int[] centres(int value) {
        return centres.get(value);
    }

    /** First and last plane of a structure along each axis; must not be changed. */
    int[][] extent(int value) {
        return extents.get(value);
    }

    /** Bytes of its volumes, about. */
    long bytes() {
        NetworkGeometry geometry = image.geometry();
        return 4L
                * geometry.source().ni()
                * geometry.source().nj()
                * geometry.source().nk();
    }
}
