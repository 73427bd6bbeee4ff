package org.segvol.phantom;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;

/**
 * A made-up CT of an abdomen with exact labels. The seed draws the patient and the scan; the same seed and options give the same voxels on every machine and with
 * any number of threads. Size, spacing, orientation and noise change the scan, not the patient.
 */
public final class Phantom {
    private static final int SCANNER = 1;

    private final long seed;
    private final Volume image;
    private final Volume labels;

    private Phantom(long seed, Volume image, Volume labels) {
        this.seed = seed;
        this.image = image;
        this.labels = labels;
    }

    /** 256x256x96 voxels; spacing, field of view, orientation and noise drawn from the seed. */
    public static Phantom of(long seed) {
        return of(seed, PhantomOptions.DEFAULT);
    }

    /** A phantom as options say. Three bytes a voxel stay, besides a few slices for each thread while it is made. */
    public static Phantom of(long seed, PhantomOptions options) {
        Objects.requireNonNull(options, "options");
        Scene scene = Scene.of(seed);
        Scan scan = new Scan(options, scene.torso(), scene.chance("scan"));
        Renderer renderer = new Renderer(scene, scan);
        renderer.render(options.threads());
        GridSize size = options.size();
        Forms forms = new Forms(SCANNER, 0, null);
        Volume image = new Volume(size, Voxels.of(renderer.hu(), VoxelType.INT16, 1, 0), scan.affine(), forms);
        Volume labels = new Volume(size, Voxels.of(renderer.labels(), VoxelType.UINT8, 1, 0), scan.affine(), forms);
        return new Phantom(seed, image, labels);
    }

    /** The seed that it was made from. */
    public long seed() {
        return seed;
    }

    /** The CT: int16, HU from -1024 to 3071. */
    public Volume image() {
        return image;
    }

    /** uint8: 0 where nothing is labelled, else {@link Structure#label()}. A lesion's voxels have the lesion's label, not the liver's. */
    public Volume labels() {
        return labels;
    }

    /** The names of the label map's values, from 1. */
    public static Map<Integer, String> names() {
        Map<Integer, String> names = new TreeMap<>();
        for (Structure structure : Structure.values()) {
            names.put(structure.label(), structure.title());
        }
        return names;
    }

    /** A structure's voxels, none when the field of view does not hold it. The liver has its lesions. */
    public Mask mask(Structure structure) {
        return masks().get(structure);
    }

    /** All structures' voxels; the liver has its lesions. */
    public Map<Structure, Mask> masks() {
        Map<Structure, Mask.Builder> builders = new EnumMap<>(Structure.class);
        Structure[] all = Structure.values();
        for (Structure structure : all) {
            builders.put(structure, Mask.builder(labels.size()));
        }
        int count = labels.size().count();
        for (int n = 0; n < count; n++) {
            int label = (int) labels.voxels().get(n);
            if (label > 0) {
                Structure found = all[label - 1];
                builders.get(found).set(n);
                if (found == Structure.LIVER_TUMOR) {
                    builders.get(Structure.LIVER).set(n);
                }
            }
        }
        Map<Structure, Mask> masks = new EnumMap<>(Structure.class);
        builders.forEach((structure, builder) -> masks.put(structure, builder.build()));
        return masks;
    }
}
