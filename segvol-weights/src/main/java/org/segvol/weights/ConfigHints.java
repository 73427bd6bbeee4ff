package org.segvol.weights;

/**
 * What tensor shapes cannot tell about a model. Every component may be null: then it is derived, or as in the released model.
 *
 * @param heads image encoder heads
 * @param textHeads text encoder heads
 * @param decoderHeads heads of the decoder's attentions
 * @param patch voxels of one token (d, h, w)
 * @param window network input in voxels (d, h, w)
 */
public record ConfigHints(Integer heads, Integer textHeads, Integer decoderHeads, Extent patch, Extent window) {
    /** No hints. */
    public static final ConfigHints NONE = new ConfigHints(null, null, null, null, null);
}
