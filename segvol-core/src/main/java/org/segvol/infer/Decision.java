package org.segvol.infer;

/** The rule that turns a logit into a voxel of the mask. */
public final class Decision {
    /**
     * The largest float32 logit whose float32 sigmoid is exactly one half. The published rule is {@code sigmoid(x) > 0.5} in float32
     * (spec 1.6), which says no up to here: 1.5 * 2^-24.
     */
    private static final float HALF = 0x1.8p-24f;

    private final float limit;

    private Decision(float limit) {
        this.limit = limit;
    }

    /** The published rule. */
    public static final Decision PUBLISHED = new Decision(HALF);

    /**
     * Another threshold of the probability; 0.5 is the published rule.
     *
     * @throws IllegalArgumentException when it is not between 0 and 1, exclusive
     */
    public static Decision above(double probability) {
        if (!(probability > 0 && probability < 1)) {
            throw new IllegalArgumentException("a threshold lies between 0 and 1, found " + probability);
        }
        return probability == 0.5 ? PUBLISHED : new Decision((float) Math.log(probability / (1 - probability)));
    }

    /** Whether a voxel with this logit belongs to the structure. */
    public boolean positive(float logit) {
        return logit > limit;
    }

    /** The probability of a logit. */
    public static float probability(float logit) {
        return (float) (1 / (1 + Math.exp(-logit)));
    }
}
