package org.segvol;

import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.infer.ZoomInference;

/**
 * What was found for one prompt, in the volume's own grid.
 *
 * @param prompt what was asked
 * @param volume the volume that was segmented
 * @param mask the structure's voxels
 * @param probabilities one for each voxel in stored order when they were asked for, else null; 0 outside what the network saw; not a
 *     copy
 * @param trace the region that was refined and its windows, in network space
 * @param encoderPasses image encoder passes of this call; passes of earlier calls that were used again do not count
 * @param timings where the time of this call went
 */
public record Segmentation(
        Prompt prompt,
        Volume volume,
        Mask mask,
        float[] probabilities,
        ZoomInference.Trace trace,
        int encoderPasses,
        Timings timings) {
    /** The structure's volume in millilitres. */
    public double millilitres() {
        return mask.volumeMillilitres(volume.affine());
    }
}
