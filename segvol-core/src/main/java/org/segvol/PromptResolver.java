package org.segvol;

import java.util.function.Function;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.infer.NetworkPrompt;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.preprocess.Variant;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.LabelPrompts;
import org.segvol.prompt.NetworkBox;
import org.segvol.prompt.OutsideCrop;
import org.segvol.prompt.PointChooser;
import org.segvol.prompt.ZoomMapping;
import org.segvol.weights.Extent;

/** Brings a user's prompt, or one derived from a label, into network space. */
final class PromptResolver {
    private final NetworkVolume volume;
    private final Extent window;
    private final Variant variant;
    private final Function<String, float[]> encodeText;
    private final ZoomMapping mapping;

    PromptResolver(NetworkVolume volume, Extent window, Variant variant, Function<String, float[]> encodeText) {
        this.volume = volume;
        this.window = window;
        this.variant = variant;
        this.encodeText = encodeText;
        this.mapping = new ZoomMapping(volume, window, OutsideCrop.CLAMP);
    }

    /**
     * A user's prompt.
     *
     * @throws IllegalArgumentException when it is empty or lies outside the volume
     */
    NetworkPrompt resolve(Prompt prompt) {
        if (prompt.isEmpty()) {
            throw new IllegalArgumentException("the prompt is empty: give a text, a box or at least one point");
        }
        requireInside(prompt);
        NetworkBox box = prompt.box() == null ? null : mapping.toVolume(prompt.box());
        Clicks clicks = null, viewClicks = null;
        if (!prompt.clicks().isEmpty()) {
            int n = prompt.clicks().size();
            float[] at = new float[3 * n], view = new float[3 * n], labels = new float[n];
            for (int i = 0; i < n; i++) {
                Prompt.Click click = prompt.clicks().get(i);
                int[] voxel = mapping.toVolume(click.at()), cell = mapping.toView(voxel);
                for (int axis = 0; axis < 3; axis++) {
                    at[3 * i + axis] = voxel[axis];
                    view[3 * i + axis] = cell[axis];
                }
                labels[i] = click.inside() ? 1 : 0;
            }
            clicks = new Clicks(at, labels);
            viewClicks = new Clicks(view, labels);
        }
        return new NetworkPrompt(
                text(prompt.text()), box == null ? null : mapping.toView(box), viewClicks, box, clicks);
    }

    private float[] text(String name) {
        return name == null ? null : encodeText.apply(name);
    }

    private void requireInside(Prompt prompt) {
        GridSize size = volume.geometry().source();
        if (prompt.box() != null
                && !(size.contains(prompt.box().min())
                        && size.contains(prompt.box().max()))) {
            throw new IllegalArgumentException("the box " + prompt.box() + " lies outside the volume of " + size
                    + " voxels; indices are counted from 0");
        }
        for (Prompt.Click click : prompt.clicks()) {
            if (!size.contains(click.at())) {
                throw new IllegalArgumentException("the point " + click.at() + " lies outside the volume of " + size
                        + " voxels; indices are counted from 0");
            }
        }
    }

    /**
     * A prompt derived from a label.
     *
     * @throws IllegalArgumentException when the label is not in the volume's grid
     */
    NetworkPrompt resolve(LabelPrompt prompt, PointChooser chooser) {
        GridSize size = volume.geometry().source();
        if (!prompt.label().size().equals(size)) {
            throw new IllegalArgumentException("the label has " + prompt.label().size() + " voxels, the volume " + size
                    + "; they must have one grid");
        }
        byte[] view = view(prompt.label());
        Clicks viewClicks = null, clicks = null;
        if (prompt.clicks()) {
            viewClicks =
                    LabelPrompts.clicks(view, window, variant.extraPositive(), variant.extraNegative(), -1, chooser);
            clicks = toVolume(viewClicks);
        }
        NetworkBox viewBox = null, box = null;
        if (prompt.box()) {
            byte[] full = full(prompt.label());
            box = boxOf(full, volume.extent());
            // the box that goes with a full-resolution cube is that cube resized, not the resized label's
            viewBox = variant.fullResolutionCube() ? mapping.resized(box) : boxOf(view, window);
        }
        return new NetworkPrompt(text(prompt.text()), viewBox, viewClicks, box, clicks);
    }

    private NetworkBox boxOf(byte[] mask, Extent size) {
        return variant.middleBox() ? LabelPrompts.middleBox(mask, size) : LabelPrompts.box(mask, size);
    }

    /** A label in the zoom-out view, (d,h,w). */
    private byte[] view(Mask label) {
        int[] ds = volume.zoomIndex(0, window), hs = volume.zoomIndex(1, window), ws = volume.zoomIndex(2, window);
        byte[] out = new byte[window.count()];
        int at = 0;
        for (int d : ds) {
            for (int h : hs) {
                for (int w : ws) {
                    out[at++] = (byte) (label.get(volume.geometry().storedIndex(d, h, w)) ? 1 : 0);
                }
            }
        }
        return out;
    }

    /** A label in network space, (d,h,w). */
    private byte[] full(Mask label) {
        Extent extent = volume.extent();
        byte[] out = new byte[extent.count()];
        int at = 0;
        for (int d = 0; d < extent.d(); d++) {
            for (int h = 0; h < extent.h(); h++) {
                for (int w = 0; w < extent.w(); w++) {
                    out[at++] = (byte) (label.get(volume.geometry().storedIndex(d, h, w)) ? 1 : 0);
                }
            }
        }
        return out;
    }

    /** The voxels from which the view's clicked cells were taken; fillers stay. */
    private Clicks toVolume(Clicks view) {
        float[] at = view.coordinates();
        for (int axis = 0; axis < 3; axis++) {
            int[] index = volume.zoomIndex(axis, window);
            for (int i = 0; i < view.count(); i++) {
                if (view.label(i) >= 0) {
                    at[3 * i + axis] = index[(int) at[3 * i + axis]];
                }
            }
        }
        return new Clicks(at, view.labels());
    }
}
