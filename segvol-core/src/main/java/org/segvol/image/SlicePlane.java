package org.segvol.image;

/** The three planes, by the directions (0 right, 1 anterior, 2 superior) that run across, down and through. */
public enum SlicePlane {
    /** From the feet. */
    AXIAL(0, 1, 2),
    /** From the front. */
    CORONAL(0, 2, 1),
    /** From the patient's left. */
    SAGITTAL(1, 2, 0);

    final int across;
    final int down;
    final int through;

    SlicePlane(int across, int down, int through) {
        this.across = across;
        this.down = down;
        this.through = through;
    }

    /** The stored axis that runs through the slices: 0, 1 or 2 for i, j, k. */
    public int storedAxis(Affine affine) {
        Orientation orientation = Orientation.of(affine);
        return orientation.complete() ? orientation.storedAxis(through) : through;
    }
}
