package org.segvol.preprocess;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How the published programs differ (spec 7): a record of choices that the steps read.
 *
 * @param name the name by which it is chosen
 * @param reorient whether axes are first brought to the closest right-anterior-superior order
 * @param pad whether the volume is padded to the window before the foreground crop; it only shifts crop coordinates
 * @param exactZoom nearest-exact for the zoom-out view, else legacy nearest
 * @param middleBox boxes of masks take their in-plane limits from the slice of the median voxel
 * @param regionWithBox the refined region also covers the box, which is then mandatory
 * @param fullResolutionCube the box is given to zoom-in at full resolution instead of reflected from the zoom-out view
 * @param padPromptMaps prompt maps follow the padding of the region
 * @param allowBoxAndPoint whether a box and clicks may be given together
 * @param extraPositive further positive clicks that are derived from a label
 * @param extraNegative negative clicks that are derived from a label
 * @param boundedClicks clicks are only derived from label values within 0..1, so that -1 is neither inside nor outside
 */
public record Variant(
        String name,
        boolean reorient,
        boolean pad,
        boolean exactZoom,
        boolean middleBox,
        boolean regionWithBox,
        boolean fullResolutionCube,
        boolean padPromptMaps,
        boolean allowBoxAndPoint,
        int extraPositive,
        int extraNegative,
        boolean boundedClicks) {
    /** The demo of the official repository. */
    public static final Variant GITHUB =
            new Variant("github", false, true, true, false, false, false, false, false, 3, 3, false);
    /** The published hub wrapper. */
    public static final Variant HF =
            new Variant("hf", false, false, true, false, false, false, false, false, 4, 0, false);
    /** The wrapper of the CVPR 2025 challenge; its arrays are (d,h,w), which stored volumes become by swapping first and last axis. */
    public static final Variant SEGFM =
            new Variant("segfm", false, false, false, true, true, true, true, true, 4, 4, true);
    /** {@link #GITHUB} with a reorientation that really happens. */
    public static final Variant RAS =
            new Variant("ras", true, true, true, false, false, false, false, false, 3, 3, false);

    private static final List<Variant> ALL = List.of(GITHUB, HF, SEGFM, RAS);

    /**
     * The variant of a name.
     *
     * @throws IllegalArgumentException listing the names when there is none
     */
    public static Variant of(String name) {
        for (Variant variant : ALL) {
            if (variant.name.equals(name)) {
                return variant;
            }
        }
        String names = ALL.stream().map(Variant::name).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("there is no variant " + name + "; choose one of " + names);
    }

    /** This variant with other numbers of clicks that are derived from a label beside the first, positive one. */
    public Variant withExtraClicks(int positive, int negative) {
        if (positive < 0 || negative < 0) {
            throw new IllegalArgumentException(
                    "numbers of clicks are 0 or more, found " + positive + " and " + negative);
        }
        return new Variant(
                name,
                reorient,
                pad,
                exactZoom,
                middleBox,
                regionWithBox,
                fullResolutionCube,
                padPromptMaps,
                allowBoxAndPoint,
                positive,
                negative,
                boundedClicks);
    }
}
