package org.segvol.prompt;

/** Clicks in network space with labels: 1 inside, 0 outside, -1 filler at (-1,-1,-1). Immutable. */
public final class Clicks {
    private final float[] coordinates;
    private final float[] labels;

    /**
     * Clicks.
     *
     * @param coordinates (d,h,w) of each, one after the other
     * @param labels one for each
     */
    public Clicks(float[] coordinates, float[] labels) {
        if (coordinates.length != 3 * labels.length) {
            throw new IllegalArgumentException("each click needs three coordinates and one label, found "
                    + coordinates.length + " coordinates and " + labels.length + " labels");
        }
        this.coordinates = coordinates.clone();
        this.labels = labels.clone();
    }

    /** How many there are, fillers included. */
    public int count() {
        return labels.length;
    }

    /** Coordinate of click {@code i} along axis 0, 1 or 2. */
    public float coordinate(int i, int axis) {
        return coordinates[3 * i + axis];
    }

    /** Label of click {@code i}. */
    public float label(int i) {
        return labels[i];
    }

    /** All coordinates; a copy. */
    public float[] coordinates() {
        return coordinates.clone();
    }

    /** All labels; a copy. */
    public float[] labels() {
        return labels.clone();
    }
}
