package org.segvol;

import org.segvol.image.Mask;
import org.segvol.infer.Decision;
import org.segvol.infer.LogitPlanes;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.weights.Extent;

/** Collects planes of logits as voxels of the stored grid. */
final class StoredResult implements LogitPlanes {
    private final NetworkVolume prepared;
    private final Decision decision;
    private final LogitPlanes observer;
    private final Mask.Builder mask;
    private final float[] probabilities;

    /**
     * An empty result.
     *
     * @param observer is shown the planes too, or null
     */
    StoredResult(NetworkVolume prepared, Options options, LogitPlanes observer) {
        this.prepared = prepared;
        this.decision = Decision.above(options.threshold());
        this.observer = observer;
        this.mask = Mask.builder(prepared.geometry().source());
        this.probabilities =
                options.probabilities() ? new float[prepared.geometry().source().count()] : null;
    }

    @Override
    public void plane(int d, float[] logits) {
        Extent extent = prepared.extent();
        int at = 0, stride = prepared.geometry().strideW();
        for (int h = 0; h < extent.h(); h++) {
            int index = prepared.geometry().storedIndex(d, h, 0);
            for (int w = 0; w < extent.w(); w++, at++, index += stride) {
                if (decision.positive(logits[at])) {
                    mask.set(index);
                }
                if (probabilities != null) {
                    probabilities[index] = Decision.probability(logits[at]);
                }
            }
        }
        if (observer != null) {
            observer.plane(d, logits);
        }
    }

    Mask mask() {
        return mask.build();
    }

    float[] probabilities() {
        return probabilities;
    }
}
