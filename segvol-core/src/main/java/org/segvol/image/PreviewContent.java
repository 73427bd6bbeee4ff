package org.segvol.image;

import java.util.List;
import java.util.Objects;

/**
 * What a preview shows on top of a volume.
 *
 * @param title the caption's first words, such as the file's name
 * @param layers structures, drawn in this order, each in a colour of its own
 * @param prompt what was asked for
 * @param centre the voxel through which the slices go, or null for the middle of all structures (of the prompt or the volume when there
 *     are none)
 */
public record PreviewContent(String title, List<Layer> layers, Prompt prompt, VoxelPoint centre) {
    /** Checks that nothing but the centre is null. */
    public PreviewContent {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(prompt, "prompt");
        layers = List.copyOf(layers);
    }

    /**
     * A structure.
     *
     * @param name what the caption calls it
     * @param mask its voxels
     */
    public record Layer(String name, Mask mask) {
        /** Checks that nothing is null. */
        public Layer {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(mask, "mask");
        }
    }

    /**
     * A prompt, in stored voxels.
     *
     * @param text the words, or null when there were none
     * @param box the box, or null when there was none
     * @param positive points inside the structure
     * @param negative points outside it
     */
    public record Prompt(String text, VoxelBox box, List<VoxelPoint> positive, List<VoxelPoint> negative) {
        /** Nothing was asked for. */
        public static final Prompt NONE = new Prompt(null, null, List.of(), List.of());

        /** Copies the lists. */
        public Prompt {
            positive = List.copyOf(positive);
            negative = List.copyOf(negative);
        }

        /** What was asked for in words, empty when nothing was. */
        String describe() {
            StringBuilder words = new StringBuilder();
            if (text != null) {
                words.append('"').append(text).append('"');
            }
            if (box != null) {
                words.append(words.length() > 0 ? " + box" : "box");
            }
            int points = positive.size() + negative.size();
            if (points > 0) {
                words.append(words.length() > 0 ? " + " : "").append(points).append(points == 1 ? " point" : " points");
            }
            return words.toString();
        }
    }
}
