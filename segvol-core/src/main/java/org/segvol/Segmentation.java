package org.segvol;

import java.util.ArrayList;
import java.util.List;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VoxelBox;
import org.segvol.image.WorldPoint;
import org.segvol.infer.ZoomInference;
import org.segvol.text.Vocabulary;

/**
 * What was found for one prompt, in the volume's own grid.
 *
 * @param prompt what was asked
 * @param volume the volume that was segmented
 * @param mask the structure's voxels
 * @param probabilities one for each voxel in stored order when they were asked for, else null; 0 outside what the network saw; not a
 *     copy
 * @param trace the region that was refined and its windows, in network space
 * @param encoderPasses image encoder passes of the whole call when this is its first result, else 0; passes of earlier calls that were used
 *     again do not count
 * @param timings where the time of the whole call went when this is its first result, else empty
 * @param looksLikeCt whether the volume's values look like CT in Hounsfield units
 */
public record Segmentation(
        Prompt prompt,
        Volume volume,
        Mask mask,
        float[] probabilities,
        ZoomInference.Trace trace,
        int encoderPasses,
        Timings timings,
        boolean looksLikeCt) {
    private static final int NEAR_NAMES = 3;

    /** This result with the passes and times of the call that it belongs to. */
    Segmentation withCost(int passes, Timings times) {
        return new Segmentation(prompt, volume, mask, probabilities, trace, passes, times, looksLikeCt);
    }

    /** The smallest box of stored voxels around the structure, or null when nothing was found. */
    public VoxelBox bounds() {
        return mask.bounds();
    }

    /** The structure's centre in mm, or null when nothing was found. */
    public WorldPoint centroid() {
        return mask.centroid(volume.affine());
    }

    /** What a careful user should know about this result, each in one sentence; empty when nothing is remarkable. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (prompt.text() != null && !Vocabulary.bundled().contains(prompt.text())) {
            warnings.add("\"" + prompt.text() + "\" is not among the names that the model was trained with; near ones: "
                    + String.join(", ", Vocabulary.bundled().nearest(prompt.text(), NEAR_NAMES)));
        }
        if (!looksLikeCt) {
            warnings.add("the volume does not look like CT in Hounsfield units, for which the model was trained");
        }
        if (mask.isEmpty()) {
            warnings.add("nothing was found");
        } else if (mask.touchesBorder()) {
            warnings.add("the result touches the volume's border, where the structure may be cut off");
        }
        return List.copyOf(warnings);
    }

    /** The structure's volume in millilitres. */
    public double millilitres() {
        return mask.volumeMillilitres(volume.affine());
    }
}
