package org.segvol.infer;

/** Receives the logits of a volume plane by plane, in rising order. */
@FunctionalInterface
public interface LogitPlanes {
    /**
     * One plane.
     *
     * @param d its index along the depth axis
     * @param logits (h,w); valid during the call only
     */
    void plane(int d, float[] logits);
}
