package org.segvol.infer;

import java.util.Arrays;
import org.segvol.weights.Extent;

/** Logits of every voxel of a volume in network space, computed when they are asked for. */
public interface LogitField {
    /** The volume's size. */
    Extent volume();

    /** Writes one plane, (h,w). */
    void plane(int d, float[] target);

    /** {@link #NOTHING} everywhere. */
    static LogitField nothing(Extent volume) {
        return new LogitField() {
            @Override
            public Extent volume() {
                return volume;
            }

            @Override
            public void plane(int d, float[] target) {
                Arrays.fill(target, 0, volume.h() * volume.w(), NOTHING);
            }
        };
    }

    /** The logit of voxels that no window covered: a probability of 1e-13. */
    float NOTHING = -30;
}
