package org.segvol.cli;

import java.util.ArrayList;
import java.util.List;
import org.segvol.Prompt;
import org.segvol.image.Affine;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;
import org.segvol.image.WorldPoint;
import picocli.CommandLine.Option;

/** Options that say what to segment. */
final class PromptArguments {
    @Option(
            names = "--text",
            paramLabel = "NAME",
            description = "A structure's name, such as liver. Several give one label map, values in the order given.")
    private List<String> texts = List.of();

    @Option(
            names = "--box",
            paramLabel = "i0,j0,k0,i1,j1,k1",
            description = "A box of stored voxels, both corners inclusive, counted from 0.")
    private String box;

    @Option(names = "--point", paramLabel = "i,j,k", description = "A voxel inside the structure. May be repeated.")
    private List<String> points = List.of();

    @Option(
            names = "--negative-point",
            paramLabel = "i,j,k",
            description = "A voxel outside the structure. May be repeated.")
    private List<String> negativePoints = List.of();

    @Option(names = "--world", description = "Boxes and points are in millimetres, RAS+, instead of voxels.")
    private boolean world;

    boolean isEmpty() {
        return texts.isEmpty() && box == null && points.isEmpty() && negativePoints.isEmpty();
    }

    /** Whether they only say what the structure is not. */
    boolean onlyNegative() {
        return texts.isEmpty() && box == null && points.isEmpty() && !negativePoints.isEmpty();
    }

    List<String> texts() {
        return texts;
    }

    /** One prompt for each text, each with the box and the points; one prompt without text when there is none. */
    List<Prompt> prompts(Affine affine) {
        Prompt place = Prompt.NONE;
        if (box != null) {
            place = place.box(box(affine));
        }
        for (String point : points) {
            place = place.point(point("--point", point, affine));
        }
        for (String point : negativePoints) {
            place = place.negativePoint(point("--negative-point", point, affine));
        }
        List<Prompt> prompts = new ArrayList<>();
        for (String text : texts) {
            prompts.add(place.andText(text));
        }
        return prompts.isEmpty() ? List.of(place) : prompts;
    }

    private VoxelBox box(Affine affine) {
        double[] n = numbers("--box", box, 6);
        if (!world) {
            return VoxelBox.of((int) n[0], (int) n[1], (int) n[2], (int) n[3], (int) n[4], (int) n[5]);
        }
        for (int axis = 0; axis < 3; axis++) {
            if (n[axis] > n[axis + 3]) {
                throw new IllegalArgumentException(
                        "the first corner of --box must not exceed the second on any axis, found " + box);
            }
        }
        VoxelBox spanned = null;
        for (int corner = 0; corner < 8; corner++) {
            VoxelPoint p = affine.toVoxel(new WorldPoint(
                    n[(corner & 1) == 0 ? 0 : 3], n[(corner & 2) == 0 ? 1 : 4], n[(corner & 4) == 0 ? 2 : 5]));
            spanned = spanned == null
                    ? new VoxelBox(p, p)
                    : VoxelBox.of(
                            Math.min(spanned.min().i(), p.i()),
                            Math.min(spanned.min().j(), p.j()),
                            Math.min(spanned.min().k(), p.k()),
                            Math.max(spanned.max().i(), p.i()),
                            Math.max(spanned.max().j(), p.j()),
                            Math.max(spanned.max().k(), p.k()));
        }
        return spanned;
    }

    private VoxelPoint point(String option, String text, Affine affine) {
        double[] n = numbers(option, text, 3);
        return world
                ? affine.toVoxel(new WorldPoint(n[0], n[1], n[2]))
                : new VoxelPoint((int) n[0], (int) n[1], (int) n[2]);
    }

    private double[] numbers(String option, String text, int count) {
        List<String> parts = List.of(text.split(",", -1));
        if (parts.size() != count) {
            throw new IllegalArgumentException(
                    option + " needs " + count + " numbers separated by commas, found " + parts.size() + ": " + text);
        }
        double[] out = new double[count];
        for (int i = 0; i < count; i++) {
            try {
                out[i] = world
                        ? Double.parseDouble(parts.get(i).strip())
                        : Integer.parseInt(parts.get(i).strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        option + " needs " + (world ? "numbers" : "whole numbers") + ", found " + parts.get(i) + " in "
                                + text,
                        e);
            }
            if (!Double.isFinite(out[i])) {
                throw new IllegalArgumentException(option + " needs finite numbers, found " + text);
            }
        }
        return out;
    }
}
