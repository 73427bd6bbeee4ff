package org.segvol.weights;

/**
 * Every size of a SegVol network (spec 1.1). An immutable value; a checkpoint has one, and all tensor shapes follow from it
 * (see {@link ParameterTable}).
 *
 * @param name a short name for people, such as {@code full}; it has no effect
 * @param window the network input in voxels (d, h, w)
 * @param patch voxels of one token (d, h, w); divides the window
 * @param hidden width C of tokens and decoder; a multiple of 8
 * @param mlp hidden width of the image encoder's MLPs
 * @param layers image encoder blocks
 * @param heads image encoder heads; divides {@code hidden}
 * @param decoderDepth two-way attention layers of the mask decoder
 * @param decoderHeads heads of the decoder's attentions; divides {@code hidden / 2}
 * @param decoderMlp hidden width of the decoder's MLPs
 * @param maskTokens single-mask token plus multi-mask tokens
 * @param qualityHidden width of the quality head
 * @param qualityDepth layers of the quality head
 * @param maskInChannels sizes the unused mask-prompt parameters only
 * @param textVocabulary token ids; the last one is end-of-text, the one before it start-of-text
 * @param textHidden width of the text encoder
 * @param textMlp hidden width of its MLPs
 * @param textLayers its layers
 * @param textHeads its heads; divides {@code textHidden}
 * @param textPositions longest token sequence
 */
public record ModelConfig(
        String name,
        Extent window,
        Extent patch,
        int hidden,
        int mlp,
        int layers,
        int heads,
        int decoderDepth,
        int decoderHeads,
        int decoderMlp,
        int maskTokens,
        int qualityHidden,
        int qualityDepth,
        int maskInChannels,
        int textVocabulary,
        int textHidden,
        int textMlp,
        int textLayers,
        int textHeads,
        int textPositions) {

    /** The released model. */
    public static final ModelConfig RELEASED = new ModelConfig(
            "full",
            new Extent(32, 256, 256),
            new Extent(4, 16, 16),
            768,
            3072,
            12,
            12,
            2,
            8,
            2048,
            4,
            256,
            3,
            16,
            49408,
            512,
            2048,
            12,
            8,
            77);

    private static final int LARGEST_SIZE = 1 << 20;
    private static final int MOST_LAYERS = 1000;
    private static final long MOST_VOXELS = 1L << 26;
    private static final long MOST_TOKENS = 1L << 16;

    /** Checks that all sizes are positive, divide as the network needs, and are not so large that a file must be lying. */
    public ModelConfig {
        int largest = Math.max(
                Math.max(Math.max(hidden, mlp), Math.max(decoderMlp, qualityHidden)),
                Math.max(Math.max(maskTokens, maskInChannels), Math.max(textVocabulary, textPositions)));
        largest = Math.max(largest, Math.max(textHidden, textMlp));
        require(largest <= LARGEST_SIZE, "sizes may be at most " + LARGEST_SIZE + ", found " + largest);
        int deepest =
                Math.max(Math.max(layers, textLayers), Math.max(Math.max(decoderDepth, qualityDepth), maskTokens));
        require(
                deepest <= MOST_LAYERS,
                "at most " + MOST_LAYERS + " layers or mask tokens are possible, found " + deepest);
        double voxels = (double) window.d() * window.h() * window.w();
        require(voxels <= MOST_VOXELS, "the window may have at most " + MOST_VOXELS + " voxels, found " + window);
        double tokens = voxels / patch.d() / patch.h() / patch.w();
        require(tokens <= MOST_TOKENS, "a window may have at most " + MOST_TOKENS + " tokens, found " + tokens);
        for (int axis = 0; axis < 3; axis++) {
            require(
                    window.side(axis) % patch.side(axis) == 0,
                    "the patch " + patch + " must divide the window " + window);
        }
        require(hidden > 0 && hidden % 8 == 0, "hidden must be a positive multiple of 8, found " + hidden);
        require(heads > 0 && hidden % heads == 0, "heads must divide hidden " + hidden + ", found " + heads);
        require(
                decoderHeads > 0 && (hidden / 2) % decoderHeads == 0,
                "decoderHeads must divide hidden/2 " + hidden / 2 + ", found " + decoderHeads);
        require(
                textHeads > 0 && textHidden % textHeads == 0,
                "textHeads must divide textHidden " + textHidden + ", found " + textHeads);
        require(mlp > 0 && decoderMlp > 0 && textMlp > 0 && qualityHidden > 0, "MLP widths must be positive");
        require(
                layers >= 0 && textLayers >= 0 && decoderDepth >= 1 && qualityDepth >= 1,
                "depths must not be negative, and the decoder and the quality head need one layer");
        require(maskTokens >= 1, "maskTokens must be at least 1, found " + maskTokens);
        require(
                maskInChannels >= 4 && maskInChannels % 4 == 0,
                "maskInChannels must be a positive multiple of 4, found " + maskInChannels);
        require(textVocabulary >= 2, "textVocabulary must be at least 2, found " + textVocabulary);
        require(textPositions >= 2, "textPositions must be at least 2, found " + textPositions);
    }

    private static void require(boolean ok, String message) {
        if (!ok) {
            throw new IllegalArgumentException("model configuration: " + message);
        }
    }

    /** The same sizes under another name. */
    public ModelConfig withName(String newName) {
        return new ModelConfig(
                newName,
                window,
                patch,
                hidden,
                mlp,
                layers,
                heads,
                decoderDepth,
                decoderHeads,
                decoderMlp,
                maskTokens,
                qualityHidden,
                qualityDepth,
                maskInChannels,
                textVocabulary,
                textHidden,
                textMlp,
                textLayers,
                textHeads,
                textPositions);
    }

    /** The token grid: window divided by patch, (d, h, w). */
    public Extent grid() {
        return new Extent(window.d() / patch.d(), window.h() / patch.h(), window.w() / patch.w());
    }

    /** Size of the decoder's masks: four times the token grid, (d, h, w). */
    public Extent lowRes() {
        return grid().times(4);
    }

    /** The end-of-text id: the last of the vocabulary. */
    public int endOfText() {
        return textVocabulary - 1;
    }

    /** The start-of-text id: the one before end-of-text. */
    public int startOfText() {
        return textVocabulary - 2;
    }
}
