package org.segvol;

import java.util.Objects;
import org.segvol.infer.Decision;
import org.segvol.infer.Refinements;
import org.segvol.preprocess.Variant;

/**
 * How volumes are segmented. Immutable; start from {@link #DEFAULT}.
 *
 * @param variant which published program to equal
 * @param mode how much of the volume is looked at
 * @param refinements what mode {@code refined} changes; other modes change nothing
 * @param overlap share of a window that neighbouring windows have in common, 0 to below 1
 * @param seed of all random choices; the same seed gives the same bits
 * @param threshold probability above which a voxel belongs to the structure
 * @param probabilities whether to keep a probability for every voxel: four bytes each
 * @param cacheBytes most memory for image embeddings of windows that are kept for later prompts of a session
 * @param progress told about progress, and asked whether to go on
 */
public record Options(
        Variant variant,
        Mode mode,
        Refinements refinements,
        double overlap,
        long seed,
        double threshold,
        boolean probabilities,
        long cacheBytes,
        Progress progress) {
    /** The published demo's choices; seed 0; up to 512 MB of embeddings kept. */
    public static final Options DEFAULT =
            new Options(Variant.GITHUB, Mode.ZOOM, Refinements.ALL, 0.5, 0, 0.5, false, 512L << 20, Progress.NONE);

    /** Checks the ranges. */
    public Options {
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(refinements, "refinements");
        Objects.requireNonNull(progress, "progress");
        if (!(overlap >= 0 && overlap < 1)) {
            throw new IllegalArgumentException("the overlap of windows is 0 or more and below 1, found " + overlap);
        }
        Decision.above(threshold);
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("the cache cannot have a negative size, found " + cacheBytes);
        }
    }

    /** These options with another variant. */
    public Options withVariant(Variant value) {
        return new Options(value, mode, refinements, overlap, seed, threshold, probabilities, cacheBytes, progress);
    }

    /** These options with another mode. */
    public Options withMode(Mode value) {
        return new Options(variant, value, refinements, overlap, seed, threshold, probabilities, cacheBytes, progress);
    }

    /** These options with other changes in mode {@code refined}. */
    public Options withRefinements(Refinements value) {
        return new Options(variant, mode, value, overlap, seed, threshold, probabilities, cacheBytes, progress);
    }

    /** These options with another overlap. */
    public Options withOverlap(double value) {
        return new Options(variant, mode, refinements, value, seed, threshold, probabilities, cacheBytes, progress);
    }

    /** These options with another seed. */
    public Options withSeed(long value) {
        return new Options(variant, mode, refinements, overlap, value, threshold, probabilities, cacheBytes, progress);
    }

    /** These options with another threshold. */
    public Options withThreshold(double value) {
        return new Options(variant, mode, refinements, overlap, seed, value, probabilities, cacheBytes, progress);
    }

    /** These options with or without probabilities. */
    public Options withProbabilities(boolean value) {
        return new Options(variant, mode, refinements, overlap, seed, threshold, value, cacheBytes, progress);
    }

    /** These options with another size of the embedding cache. */
    public Options withCacheBytes(long value) {
        return new Options(variant, mode, refinements, overlap, seed, threshold, probabilities, value, progress);
    }

    /** These options with a listener. */
    public Options withProgress(Progress value) {
        return new Options(variant, mode, refinements, overlap, seed, threshold, probabilities, cacheBytes, value);
    }
}
