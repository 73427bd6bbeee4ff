package org.segvol.preprocess;

/**
 * Foreground normalisation followed by min-max, in the published programs' float32 arithmetic (spec 3.3, 3.4). Rising in its argument; the
 * result lies in 0..1.
 *
 * @param lower values below become this
 * @param upper values above become this
 * @param mean of the foreground
 * @param std of the foreground, at least 1e-8
 * @param min smallest value after these steps
 * @param range largest value after subtracting {@code min}, at least 1e-8
 */
record Normalisation(float lower, float upper, float mean, float std, float min, float range) {
    private static final double EPS = 1e-8;

    static Normalisation of(ForegroundStatistics s) {
        Normalisation first = foreground(s);
        float min = first.apply(s.minimum()), max = first.apply(s.maximum());
        return new Normalisation(
                first.lower, first.upper, first.mean, first.std, min, (float) Math.max(max - min, EPS));
    }

    /** Foreground normalisation alone, without min-max. */
    static Normalisation foreground(ForegroundStatistics s) {
        return new Normalisation((float) s.lower(), (float) s.upper(), s.mean(), (float) Math.max(s.std(), EPS), 0, 1);
    }

    float apply(float v) {
        float clipped = Math.min(Math.max(v, lower), upper);
        return ((clipped - mean) / std - min) / range;
    }

    void apply(float[] values, int from, int length) {
        for (int i = from; i < from + length; i++) {
            float clipped = Math.min(Math.max(values[i], lower), upper);
            values[i] = ((clipped - mean) / std - min) / range;
        }
    }

    /** The smallest value whose result is above zero; NaN when there is none. */
    float smallestPositive() {
        if (!(apply(upper) > 0)) {
            return Float.NaN;
        }
        // bisection over the floats themselves: the result at lower is 0, the one at upper is above
        long low = Integer.toUnsignedLong(FloatOrder.key(lower)), high = Integer.toUnsignedLong(FloatOrder.key(upper));
        while (high - low > 1) {
            long middle = (low + high) >>> 1;
            if (apply(FloatOrder.value((int) middle)) > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return FloatOrder.value((int) high);
    }
}
