package org.segvol.pseudo;

/** Puts known structures into a map of regions (spec 5.5, end). */
public final class RegionLabels {
    private RegionLabels() {}

    /**
     * Gives the voxels of every label a fresh id, one after the other, so that later labels win.
     *
     * @param regions ids from 0; changed
     * @param labels maps of the same size, asked for one after the other; a voxel belongs to a label where its value is exactly 1
     */
    public static void overwrite(int[] regions, Iterable<float[]> labels) {
        int next = 0;
        for (int id : regions) {
            next = Math.max(next, id + 1);
        }
        for (float[] label : labels) {
            if (label.length != regions.length) {
                throw new IllegalArgumentException(
                        "a label of " + regions.length + " voxels was expected, found " + label.length);
            }
            for (int i = 0; i < label.length; i++) {
                if (label[i] == 1) {
                    regions[i] = next;
                }
            }
            next++;
        }
    }
}
