package org.segvol.image;

/**
 * Which direction of the body each stored axis follows most closely, chosen as nibabel's {@code io_orientation} chooses it (spec 7,
 * variant {@code ras}): on the rotation nearest to the affine, strongest axis first, every direction given once. Immutable.
 */
public final class Orientation {
    private static final String POSITIVE = "RAS";
    private static final String NEGATIVE = "LPI";
    /** Below this a column of the rotation counts as zero, as in numpy's {@code allclose}. */
    private static final double ZERO = 1e-8;

    private final int[] world = {-1, -1, -1}; // by stored axis; -1 where the affine says nothing
    private final int[] sign = {1, 1, 1};

    private Orientation() {}

    /** The orientation of a volume's stored axes. */
    public static Orientation of(Affine affine) {
        Orientation orientation = new Orientation();
        double[][] r = NearestRotation.columns(affine); // by column, so r[stored][world]
        boolean[] taken = new boolean[3];
        for (int stored : strongestFirst(r)) {
            int best = -1;
            for (int axis = 0; axis < 3; axis++) {
                double size = Math.abs(r[stored][axis]);
                if (!taken[axis] && size > ZERO && (best < 0 || size > Math.abs(r[stored][best]))) {
                    best = axis;
                }
            }
            if (best >= 0) {
                taken[best] = true;
                orientation.world[stored] = best;
                orientation.sign[stored] = r[stored][best] < 0 ? -1 : 1;
            }
        }
        return orientation;
    }

    /** Stored axes by falling largest entry; equal ones stay in order. */
    private static int[] strongestFirst(double[][] r) {
        double[] strength = new double[3];
        for (int stored = 0; stored < 3; stored++) {
            for (double v : r[stored]) {
                strength[stored] = Math.max(strength[stored], v * v);
            }
        }
        int[] order = {0, 1, 2};
        for (int n = 1; n < 3; n++) {
            for (int at = n; at > 0 && strength[order[at]] > strength[order[at - 1]]; at--) {
                int swap = order[at];
                order[at] = order[at - 1];
                order[at - 1] = swap;
            }
        }
        return order;
    }

    /** Whether every stored axis has a direction; false only for a damaged, singular affine. */
    public boolean complete() {
        return world[0] >= 0 && world[1] >= 0 && world[2] >= 0;
    }

    /** The direction, 0 right, 1 anterior, 2 superior, or its opposite, that a stored axis follows; -1 when it follows none. */
    public int worldAxis(int storedAxis) {
        return world[storedAxis];
    }

    /**
     * The stored axis that runs along right (0), anterior (1) or superior (2), or the opposite.
     *
     * @throws IllegalArgumentException when the affine is singular, so that there is none
     */
    public int storedAxis(int worldAxis) {
        for (int stored = 0; stored < 3; stored++) {
            if (world[stored] == worldAxis) {
                return stored;
            }
        }
        throw new IllegalArgumentException(
                "the volume's affine is singular, so no stored axis runs along " + POSITIVE.charAt(worldAxis));
    }

    /** Whether the stored axis that runs along a direction grows the other way: to the left, posterior or inferior. */
    public boolean flipped(int worldAxis) {
        return sign[storedAxis(worldAxis)] < 0;
    }

    /** Three letters, where each stored axis grows to, such as {@code LPS}; a question mark where the affine does not say. */
    public String codes() {
        StringBuilder codes = new StringBuilder(3);
        for (int stored = 0; stored < 3; stored++) {
            codes.append(world[stored] < 0 ? '?' : (sign[stored] < 0 ? NEGATIVE : POSITIVE).charAt(world[stored]));
        }
        return codes.toString();
    }

    @Override
    public String toString() {
        return codes();
    }
}
