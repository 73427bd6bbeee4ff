package org.segvol.prompt;

/**
 * A box in network space, both corners inclusive, in voxels of a volume or of a window. {@link #EMPTY} is the published programs' box of an
 * empty mask.
 *
 * @param d0 first plane
 * @param h0 first row
 * @param w0 first column
 * @param d1 last plane
 * @param h1 last row
 * @param w1 last column
 */
public record NetworkBox(int d0, int h0, int w0, int d1, int h1, int w1) {
    /** Six times -1: the box of a mask without voxels (spec 2.1). */
    public static final NetworkBox EMPTY = new NetworkBox(-1, -1, -1, -1, -1, -1);

    /** Lower limit along axis 0, 1 or 2. */
    public int lower(int axis) {
        return axis == 0 ? d0 : axis == 1 ? h0 : w0;
    }

    /** Upper limit along axis 0, 1 or 2; part of the box. */
    public int upper(int axis) {
        return axis == 0 ? d1 : axis == 1 ? h1 : w1;
    }

    /** The six limits, lower ones first. */
    public float[] toArray() {
        return new float[] {d0, h0, w0, d1, h1, w1};
    }
}
