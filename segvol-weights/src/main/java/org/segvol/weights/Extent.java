package org.segvol.weights;

import java.util.List;

/**
 * A size in network space: voxels or grid cells along depth, height and width, in this order. All three are at least one.
 *
 * @param d cells along the depth axis
 * @param h cells along the height axis
 * @param w cells along the width axis
 */
public record Extent(int d, int h, int w) {
    /** Checks that every side is positive. */
    public Extent {
        if (d < 1 || h < 1 || w < 1) {
            throw new IllegalArgumentException("every side must be at least 1, found " + d + " x " + h + " x " + w);
        }
    }

    /** The number of cells; fails when it does not fit an {@code int}. */
    public int count() {
        return Math.multiplyExact(Math.multiplyExact(d, h), w);
    }

    /** This extent with every side multiplied by {@code factor}. */
    public Extent times(int factor) {
        return new Extent(d * factor, h * factor, w * factor);
    }

    /** Cells along axis 0 (depth), 1 (height) or 2 (width). */
    public int side(int axis) {
        return switch (axis) {
            case 0 -> d;
            case 1 -> h;
            case 2 -> w;
            default -> throw new IllegalArgumentException("axis must be 0, 1 or 2, found " + axis);
        };
    }

    /** The three sides as a list, for JSON and messages. */
    public List<Integer> toList() {
        return List.of(d, h, w);
    }

    @Override
    public String toString() {
        return d + "x" + h + "x" + w;
    }
}
