package org.segvol.weights;

import java.nio.file.Path;
import java.util.Map;

/** Derives a model's sizes from its tensors' shapes (spec 6.1). */
final class ConfigDerivation {
    private static final int HEAD_WIDTH = 64;
    private static final int MAX_COUNT = 10_000;
    private static final String VIT = CanonicalNames.IMAGE_ENCODER;
    private static final String POSITIONS = VIT + "patch_embedding.position_embeddings";
    private static final String PATCHES = VIT + "patch_embedding.patch_embeddings.1.weight";
    private static final String DECODER = "mask_decoder.";
    private static final String UPSCALING = DECODER + "output_upscaling.1.weight";
    private static final String MASK_DOWNSCALING = "prompt_encoder.mask_downscaling.3.weight";
    private static final String TEXT = "text_encoder.clip_text_model.text_model.";

    private final Path file;
    private final Map<String, TensorInfo> tensors;
    private final boolean imageEncoderOnly;
    private final ConfigHints hints;
    private final ModelConfig released = ModelConfig.RELEASED;

    private ConfigDerivation(Path file, Map<String, TensorInfo> tensors, ConfigHints hints) {
        this.file = file;
        this.tensors = tensors;
        this.imageEncoderOnly =
                tensors.keySet().stream().allMatch(name -> name.startsWith(CanonicalNames.IMAGE_ENCODER));
        this.hints = hints;
    }

    /** The configuration of a model with these canonical tensors; the file is only named in messages. */
    static ModelConfig derive(Path file, Map<String, TensorInfo> tensors, ConfigHints hints)
            throws CheckpointException {
        try {
            ModelConfig config = new ConfigDerivation(file, tensors, hints).config();
            boolean isReleased = config.equals(ModelConfig.RELEASED.withName(config.name()));
            return isReleased ? ModelConfig.RELEASED : config;
        } catch (ArithmeticException e) {
            throw new CheckpointException(file, "the tensors' sizes multiply to an impossible window or patch", e);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, e.getMessage(), e);
        }
    }

    private ModelConfig config() throws CheckpointException {
        int hidden = size(POSITIONS, 2, 3);
        int patchVoxels = size(PATCHES, 1, 2);
        int layers = count(VIT + "blocks.");
        int mlp = layers == 0 ? released.mlp() : size(VIT + "blocks.0.mlp.linear1.weight", 0, 2);
        int heads = heads(hints.heads(), hidden, "image encoder");
        Extent grid = grid(patchVoxels);
        Extent patch = patch(grid, patchVoxels);
        Extent window = new Extent(
                Math.multiplyExact(grid.d(), patch.d()),
                Math.multiplyExact(grid.h(), patch.h()),
                Math.multiplyExact(grid.w(), patch.w()));
        if (hints.window() != null && !hints.window().equals(window)) {
            throw error("the window is " + window + " for the token grid " + grid + " and patches of " + patch
                    + ", but " + hints.window() + " was given");
        }
        int decoderHeads = hints.decoderHeads() == null ? released.decoderHeads() : hints.decoderHeads();
        if (imageEncoderOnly) {
            return new ModelConfig(
                    "image-encoder",
                    window,
                    patch,
                    hidden,
                    mlp,
                    layers,
                    heads,
                    released.decoderDepth(),
                    decoderHeads,
                    released.decoderMlp(),
                    released.maskTokens(),
                    released.qualityHidden(),
                    released.qualityDepth(),
                    released.maskInChannels(),
                    released.textVocabulary(),
                    released.textHidden(),
                    released.textMlp(),
                    released.textLayers(),
                    released.textHeads(),
                    released.textPositions());
        }
        int decoderDepth = count(DECODER + "transformer.layers.");
        int qualityDepth = count(DECODER + "iou_prediction_head.layers.");
        int textHidden = size(TEXT + "embeddings.token_embedding.weight", 1, 2);
        int textLayers = count(TEXT + "encoder.layers.");
        return new ModelConfig(
                "derived",
                window,
                patch,
                hidden,
                mlp,
                layers,
                heads,
                decoderDepth,
                decoderHeads,
                size(DECODER + "transformer.layers.0.mlp.lin1.weight", 0, 2),
                size(DECODER + "mask_tokens.weight", 0, 2),
                qualityDepth == 1
                        ? released.qualityHidden()
                        : size(DECODER + "iou_prediction_head.layers.0.weight", 0, 2),
                qualityDepth,
                size(MASK_DOWNSCALING, 0, 4),
                size(TEXT + "embeddings.token_embedding.weight", 0, 2),
                textHidden,
                textLayers == 0 ? released.textMlp() : size(TEXT + "encoder.layers.0.mlp.fc1.weight", 0, 2),
                textLayers,
                heads(hints.textHeads(), textHidden, "text encoder"),
                size(TEXT + "embeddings.position_embedding.weight", 0, 2));
    }

    /** The token grid: half of the upscaling norm's grid; an image encoder alone only tells the number of tokens. */
    private Extent grid(int patchVoxels) throws CheckpointException {
        if (!imageEncoderOnly) {
            int[] sides = new int[3];
            for (int axis = 0; axis < 3; axis++) {
                sides[axis] = size(UPSCALING, axis + 1, 4) / 2;
            }
            return new Extent(sides[0], sides[1], sides[2]);
        }
        int tokens = size(POSITIONS, 1, 3);
        Extent patch = hints.patch() == null ? released.patch() : hints.patch();
        Extent window = hints.window() == null ? released.window() : hints.window();
        Extent grid = new Extent(window.d() / patch.d(), window.h() / patch.h(), window.w() / patch.w());
        if ((long) grid.d() * grid.h() * grid.w() != tokens || (long) patch.count() != patchVoxels) {
            throw error("the tensor " + UPSCALING + " is missing, and without it the grid of the " + tokens
                    + " tokens is unknown; give the window and the patch");
        }
        return grid;
    }

    private Extent patch(Extent grid, int patchVoxels) throws CheckpointException {
        Extent patch = hints.patch();
        if (patch == null && released.patch().count() == patchVoxels) {
            patch = released.patch();
        }
        if (patch == null && hints.window() != null) {
            Extent window = hints.window();
            patch = new Extent(window.d() / grid.d(), window.h() / grid.h(), window.w() / grid.w());
        }
        if (patch == null) {
            throw error(
                    "a patch has " + patchVoxels + " voxels, but its shape is unknown; give the patch or the window");
        }
        if (patch.count() != patchVoxels) {
            throw error("the patch projection expects " + patchVoxels + " voxels, but a patch of " + patch + " has "
                    + patch.count());
        }
        return patch;
    }

    private int heads(Integer hint, int width, String part) throws CheckpointException {
        if (hint != null) {
            return hint;
        }
        if (width % HEAD_WIDTH != 0) {
            throw error("the " + part + " has width " + width + ", which is no multiple of " + HEAD_WIDTH
                    + "; give its number of heads");
        }
        return width / HEAD_WIDTH;
    }

    private int size(String name, int axis, int rank) throws CheckpointException {
        TensorInfo tensor = tensors.get(name);
        if (tensor == null) {
            throw error("the tensor " + name + " is missing, so the model's configuration cannot be derived");
        }
        if (tensor.rank() != rank || tensor.shape()[axis] > Integer.MAX_VALUE) {
            throw error("the tensor " + name + " has the shape " + tensor.shapeText() + ", expected " + rank + " axes");
        }
        return (int) tensor.shape()[axis];
    }

    /** How many layers have tensors, of which any may be missing: one more than the largest number behind a prefix. */
    private int count(String prefix) {
        int count = 0;
        for (String name : tensors.keySet()) {
            int end = name.indexOf('.', prefix.length());
            if (name.startsWith(prefix) && end > prefix.length()) {
                String number = name.substring(prefix.length(), end);
                if (number.matches("\\d{1,4}")) {
                    count = Math.max(count, Math.min(Integer.parseInt(number) + 1, MAX_COUNT));
                }
            }
        }
        return count;
    }

    private CheckpointException error(String message) {
        return new CheckpointException(file, message);
    }
}
