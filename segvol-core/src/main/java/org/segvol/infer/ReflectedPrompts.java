package org.segvol.infer;

import org.segvol.preprocess.NearestIndex;
import org.segvol.preprocess.Variant;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.NetworkBox;
import org.segvol.weights.Extent;

/**
 * The prompts of the zoom-out view carried to the volume's size, as maps that are looked up (spec 2.3, 4.3): a box becomes a block of voxels,
 * a positive click becomes all voxels that are resized from its cell, or none. Negative clicks are lost: must match.
 */
final class ReflectedPrompts {
    private final boolean[][] inBox = new boolean[3][]; // per axis; a voxel is in the box when all three say so
    private final boolean hasBox;
    private final boolean[] clicked; // cells of the view, or null without clicks
    private final int[][] source = new int[3][];
    private final Extent window;

    ReflectedPrompts(NetworkPrompt prompt, Variant variant, Extent window, Extent volume) {
        this.window = window;
        this.hasBox = prompt.viewBox() != null;
        for (int axis = 0; axis < 3; axis++) {
            source[axis] = NearestIndex.legacy(window.side(axis), volume.side(axis));
            inBox[axis] = new boolean[volume.side(axis)];
            if (hasBox) {
                NetworkBox box = variant.fullResolutionCube() ? prompt.volumeBox() : prompt.viewBox();
                for (int i = 0; i < inBox[axis].length; i++) {
                    int at = variant.fullResolutionCube() ? i : source[axis][i];
                    inBox[axis][i] = box.lower(axis) <= at && at <= box.upper(axis);
                }
            }
        }
        this.clicked = prompt.viewClicks() == null ? null : cells(prompt.viewClicks());
    }

    private boolean[] cells(Clicks clicks) {
        boolean[] cells = new boolean[window.count()];
        for (int i = 0; i < clicks.count(); i++) {
            if (clicks.label(i) == 1) {
                int d = (int) clicks.coordinate(i, 0),
                        h = (int) clicks.coordinate(i, 1),
                        w = (int) clicks.coordinate(i, 2);
                cells[(d * window.h() + h) * window.w() + w] = true;
            }
        }
        return cells;
    }

    /** The box's voxels in a part of the volume. */
    byte[] box(VolumeView part) {
        return part.fill((d, h, w) -> inBox[0][d] && inBox[1][h] && inBox[2][w]);
    }

    /** The positive clicks' voxels in a part of the volume. */
    byte[] clicks(VolumeView part) {
        if (clicked == null) {
            return new byte[part.size().count()];
        }
        return part.fill((d, h, w) -> clicked[(source[0][d] * window.h() + source[1][h]) * window.w() + source[2][w]]);
    }

    /** First and last voxel of the box per axis, {@code {lo, hi}}, or null when there is no box or it has no voxel. */
    int[][] boxBounds() {
        int[][] bounds = new int[2][3];
        for (int axis = 0; axis < 3; axis++) {
            int lo = 0, hi = inBox[axis].length - 1;
            while (lo <= hi && !inBox[axis][lo]) {
                lo++;
            }
            while (hi >= lo && !inBox[axis][hi]) {
                hi--;
            }
            if (lo > hi) {
                return null;
            }
            bounds[0][axis] = lo;
            bounds[1][axis] = hi;
        }
        return bounds;
    }
}
