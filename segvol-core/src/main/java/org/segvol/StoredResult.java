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
        int width = extent.w(), stride = prepared.geometry().strideW();
        for (int h = 0; h < extent.h(); h++) {
            int at = h * width, index = prepared.geometry().storedIndex(d, h, 0);
            addPositives(logits, at, width, index, stride);
            for (int w = 0; probabilities != null && w < width; w++) {
                probabilities[index + w * stride] = Decision.probability(logits[at + w]);
            }
        }
        if (observer != null) {
            observer.plane(d, logits);
        }
    }

    /** Adds the positive voxels of a row, runs of them at once where they lie side by side in stored order. */
    private void addPositives(float[] logits, int at, int width, int index, int stride) {
        for (int w = 0; w < width; w++) {
            if (!decision.positive(logits[at + w])) {
                continue;
            }
            int from = w++;
            while (w < width && decision.positive(logits[at + w])) {
                w++;
            }
            if (stride == 1) {
                mask.setRange(index + from, index + w);
            } else if (stride == -1) {
                mask.setRange(index - w + 1, index - from + 1);
            } else {
                for (int i = from; i < w; i++) {
                    mask.set(index + i * stride);
                }
            }
        }
    }

    Mask mask() {
        return mask.build();
    }

    float[] probabilities() {
        return probabilities;
    }
}
