package org.segvol.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.segvol.weights.Extent;

/**
 * The prompts of one window as the prompt encoder takes them: point tokens with unit coordinates and kinds, and perhaps a text
 * embedding. Clicks come first, then the filler that the published code appends when there is no box, then the two box corners.
 */
public final class PromptTokens {
    private final List<PromptEncoder.Kind> kinds;
    private final float[] coordinates; // 3 per point
    private final float[] text;

    private PromptTokens(List<PromptEncoder.Kind> kinds, float[] coordinates, float[] text) {
        this.kinds = kinds;
        this.coordinates = coordinates;
        this.text = text;
    }

    /**
     * Tokens of one window's prompts.
     *
     * @param window the window's size in voxels
     * @param clicks coordinates (d,h,w) of each click in voxels of the window, three after the other; null without clicks
     * @param labels 1 inside, 0 outside, -1 filler, one for each click; null without clicks
     * @param box (d0,h0,w0,d1,h1,w1), corners inclusive, in voxels of the window; null without a box
     * @param text the text embedding of {@code hidden} values; null without text
     * @throws IllegalArgumentException when there is no prompt at all, or when arrays have the wrong size or labels are unknown
     */
    public static PromptTokens of(Extent window, float[] clicks, float[] labels, float[] box, float[] text) {
        if (clicks == null && box == null && text == null) {
            throw new IllegalArgumentException("at least one prompt is needed: clicks, a box or text");
        }
        List<PromptEncoder.Kind> kinds = new ArrayList<>();
        float[] units = new float[0];
        if (clicks != null) {
            if (labels == null || clicks.length != 3 * labels.length) {
                throw new IllegalArgumentException("each click needs three coordinates and one label");
            }
            units = units(window, clicks);
            for (float label : labels) {
                kinds.add(kind(label));
            }
            if (box == null) { // the published code appends a filler at the origin, after the shift to voxel centres
                kinds.add(PromptEncoder.Kind.NOT_A_POINT);
                units = Arrays.copyOf(units, units.length + 3);
            }
        }
        if (box != null) {
            if (box.length != 6) {
                throw new IllegalArgumentException("a box has six limits, found " + box.length);
            }
            kinds.add(PromptEncoder.Kind.LOWER_CORNER);
            kinds.add(PromptEncoder.Kind.UPPER_CORNER);
            float[] corners = units(window, box);
            int at = units.length;
            units = Arrays.copyOf(units, at + 6);
            System.arraycopy(corners, 0, units, at, 6);
        }
        return new PromptTokens(List.copyOf(kinds), units, text == null ? null : text.clone());
    }

    private static PromptEncoder.Kind kind(float label) {
        if (label == 1) {
            return PromptEncoder.Kind.POSITIVE;
        }
        if (label == 0) {
            return PromptEncoder.Kind.NEGATIVE;
        }
        if (label == -1) {
            return PromptEncoder.Kind.NOT_A_POINT;
        }
        throw new IllegalArgumentException("a click's label is 1, 0 or -1, found " + label);
    }

    /** Voxel centres in units of the window; depth and height trade divisors, as the weights were trained (spec 1.4.3). */
    private static float[] units(Extent window, float[] voxels) {
        float[] divisors = {window.h(), window.d(), window.w()};
        float[] out = new float[voxels.length];
        for (int i = 0; i < voxels.length; i++) {
            out[i] = (voxels[i] + 0.5f) / divisors[i % 3];
        }
        return out;
    }

    /** How many point tokens there are: clicks, fillers and box corners. */
    public int points() {
        return kinds.size();
    }

    /** Whether a text embedding is among the prompts. */
    public boolean hasText() {
        return text != null;
    }

    /** The form of these prompts; prompts of one form can be decoded in one batch. */
    public MaskDecoder.Prompts form(int batch) {
        return new MaskDecoder.Prompts(batch, points(), hasText());
    }

    void writeCoordinates(float[] target, int at) {
        System.arraycopy(coordinates, 0, target, at, coordinates.length);
    }

    void writeKinds(float[] target, int at) {
        List<PromptEncoder.Kind> columns = List.of(PromptEncoder.Kind.values());
        for (int i = 0; i < kinds.size(); i++) {
            target[at + i * columns.size() + columns.indexOf(kinds.get(i))] = 1;
        }
    }

    void writeText(float[] target, int at) {
        System.arraycopy(text, 0, target, at, text.length);
    }
}
