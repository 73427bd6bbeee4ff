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
        Mask.Builder[] byLabel = new Mask.Builder[Structure.values().length + 1];
        for (Structure structure : Structure.values()) {
            byLabel[structure.label()] = Mask.builder(labels.size());
            builders.put(structure, byLabel[structure.label()]);
        }
        float[] row = new float[labels.size().ni()];
        int rows = labels.size().nj() * labels.size().nk();
        for (int r = 0; r < rows; r++) {
            int at = r * row.length;
            labels.voxels().read(at, row.length, row, 0);
            for (int i = 0; i < row.length; i++) {
                int label = (int) row[i];
                if (label > 0) {
                    byLabel[label].set(at + i);
                }
                if (label == Structure.LIVER_TUMOR.label()) {
                    byLabel[Structure.LIVER.label()].set(at + i);
                }
            }
        }
        Map<Structure, Mask> masks = new EnumMap<>(Structure.class);
        builders.forEach((structure, builder) -> masks.put(structure, builder.build()));
        return masks;
    }
}
