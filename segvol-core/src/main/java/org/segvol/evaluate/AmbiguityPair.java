package org.segvol.evaluate;

import org.segvol.image.Mask;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;
import org.segvol.prompt.SplitMixChooser;

/**
 * Two structures that a click or a box can mean.
 *
 * @param first the name of one
 * @param second the name of the other
 */
public record AmbiguityPair(String first, String second) {
    /** Checks that there are two. */
    public AmbiguityPair {
        if (first.isBlank() || second.isBlank() || first.equals(second)) {
            throw none(first + "/" + second);
        }
    }

    /**
     * A pair as it is written: {@code liver tumor/liver}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static AmbiguityPair of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw none(text.strip());
        }
        return new AmbiguityPair(
                text.substring(0, slash).strip(), text.substring(slash + 1).strip());
    }

    private static IllegalArgumentException none(String found) {
        return new IllegalArgumentException(
                "a pair is two names with a slash between them, such as liver tumor/liver, found " + found);
    }

    /** What is pointed with. */
    public enum Place {
        /** A click on a voxel that both structures have. */
        CLICK,
        /** The smallest box around both. */
        BOX
    }

    /** A voxel of both masks, each equally likely, or null when they have none in common. */
    static VoxelPoint commonVoxel(Mask a, Mask b, long seed) {
        long common = Mask.countCommon(a, b);
        if (common == 0) {
            return null;
        }
        int left = new SplitMixChooser(seed).one(Math.toIntExact(common));
        int at = a.nextSet(0);
        while (!b.get(at) || left-- > 0) {
            at = a.nextSet(at + 1);
        }
        return a.size().point(at);
    }

    /** The smallest box around both masks, which are not empty. */
    static VoxelBox boxAround(Mask a, Mask b) {
        VoxelBox one = a.bounds(), other = b.bounds();
        return VoxelBox.of(
                Math.min(one.min().i(), other.min().i()),
                Math.min(one.min().j(), other.min().j()),
                Math.min(one.min().k(), other.min().k()),
                Math.max(one.max().i(), other.max().i()),
                Math.max(one.max().j(), other.max().j()),
                Math.max(one.max().k(), other.max().k()));
    }

    @Override
    public String toString() {
        return first + "/" + second;
    }
}
