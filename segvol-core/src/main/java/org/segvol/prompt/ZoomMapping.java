package org.segvol.prompt;

import java.util.stream.IntStream;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;
import org.segvol.preprocess.NetworkGeometry;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.weights.Extent;

/** From stored voxels to network coordinates and on to the zoom-out view (spec 2.4). */
public final class ZoomMapping {
    private final NetworkVolume volume;
    private final Extent window;
    private final OutsideCrop outside;

    /**
     * The mapping of a volume to its zoom-out view.
     *
     * @param window size of the view
     * @param outside what becomes of positions outside the foreground crop
     */
    public ZoomMapping(NetworkVolume volume, Extent window, OutsideCrop outside) {
        this.volume = volume;
        this.window = window;
        this.outside = outside;
    }

    /**
     * Network coordinates (d,h,w) of a stored voxel, inside the crop.
     *
     * @throws IllegalArgumentException when the voxel lies outside the crop and that is refused
     */
    public int[] toVolume(VoxelPoint p) {
        NetworkGeometry geometry = volume.geometry();
        if (outside == OutsideCrop.REFUSE && !geometry.keeps(p)) {
            throw new IllegalArgumentException(
                    "voxel " + p + " lies outside the part of the volume that is segmented, which goes from "
                            + geometry.keptBox().min() + " to "
                            + geometry.keptBox().max() + "; only background lies beyond it");
        }
        int[] at = geometry.toNetwork(p);
        for (int axis = 0; axis < 3; axis++) {
            at[axis] = clamp(at[axis], volume.extent().side(axis));
        }
        return at;
    }

    /**
     * The network box of a stored box, inside the crop.
     *
     * @throws IllegalArgumentException when a corner lies outside the crop and that is refused
     */
    public NetworkBox toVolume(VoxelBox box) {
        int[] a = toVolume(box.min()), b = toVolume(box.max());
        int[] lower = new int[3], upper = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            lower[axis] = Math.min(a[axis], b[axis]);
            upper[axis] = Math.max(a[axis], b[axis]);
        }
        return new NetworkBox(lower[0], lower[1], lower[2], upper[0], upper[1], upper[2]);
    }

    /** The cell of the zoom-out view that covers a voxel's centre. */
    public int[] toView(int[] at) {
        int[] out = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            out[axis] = cell(at[axis], axis);
        }
        return out;
    }

    private int cell(int at, int axis) {
        int n = volume.extent().side(axis), o = window.side(axis);
        return clamp((int) Math.floor((at + 0.5) * o / n), o);
    }

    /** The cells of the zoom-out view that are taken from the box's voxels; where there is none, the cells that cover its corners. */
    public NetworkBox toView(NetworkBox box) {
        int[] lower = new int[3], upper = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int[] cells = cells(box, axis);
            boolean seen = cells.length > 0;
            lower[axis] = seen ? cells[0] : cell(box.lower(axis), axis);
            upper[axis] = seen ? cells[cells.length - 1] : cell(box.upper(axis), axis);
        }
        return new NetworkBox(lower[0], lower[1], lower[2], upper[0], upper[1], upper[2]);
    }

    /**
     * What the published programs find of a box in the zoom-out view, when they resize it as a mask: the cells that are taken from its voxels,
     * or {@link NetworkBox#EMPTY} when there is none (spec 2.1, 7.4).
     */
    public NetworkBox resized(NetworkBox box) {
        for (int axis = 0; axis < 3; axis++) {
            if (cells(box, axis).length == 0) {
                return NetworkBox.EMPTY;
            }
        }
        return toView(box);
    }

    /** The view's planes across an axis that are taken from the box's voxels. */
    private int[] cells(NetworkBox box, int axis) {
        int[] index = volume.zoomIndex(axis, window);
        return IntStream.range(0, index.length)
                .filter(o -> index[o] >= box.lower(axis) && index[o] <= box.upper(axis))
                .toArray();
    }

    private static int clamp(int value, int n) {
        return Math.min(Math.max(value, 0), n - 1);
    }
}
