package org.segvol.phantom;

/** A Gaussian of five values. */
final class Kernel {
    static final int RADIUS = 2;
    private final float[] weights = new float[RADIUS + 1];

    /** With a standard deviation in voxels. */
    Kernel(double sigma) {
        double sum = 0;
        for (int n = -RADIUS; n <= RADIUS; n++) {
            sum += StrictMath.exp(-n * n / (2 * sigma * sigma));
        }
        for (int n = 0; n <= RADIUS; n++) {
            weights[n] = (float) (StrictMath.exp(-n * n / (2 * sigma * sigma)) / sum);
        }
    }

    /** By how much it lowers the standard deviation of independent noise. */
    double damping() {
        double sum = weights[0] * weights[0];
        for (int n = 1; n <= RADIUS; n++) {
            sum += 2 * weights[n] * weights[n];
        }
        return Math.sqrt(sum);
    }

    /**
     * Smooths along one axis; values beyond the ends are those at the ends.
     *
     * @param from lines of {@code width} values that are smoothed across
     * @param at where the first line starts
     * @param lines how many
     * @param target one line's result
     * @param line which one
     */
    void across(float[] from, int at, int width, int lines, int line, float[] target, int to) {
        int a = at + Math.max(line - 2, 0) * width, b = at + Math.max(line - 1, 0) * width, c = at + line * width;
        int d = at + Math.min(line + 1, lines - 1) * width, e = at + Math.min(line + 2, lines - 1) * width;
        float w0 = weights[0], w1 = weights[1], w2 = weights[2];
        for (int n = 0; n < width; n++) {
            target[to + n] = w0 * from[c + n] + w1 * (from[b + n] + from[d + n]) + w2 * (from[a + n] + from[e + n]);
        }
    }

    /** Smooths a line of {@code width} values along itself. */
    void along(float[] from, int at, int width, float[] target, int to) {
        float w0 = weights[0], w1 = weights[1], w2 = weights[2];
        for (int n = 0; n < width; n++) {
            int a = at + Math.max(n - 2, 0), b = at + Math.max(n - 1, 0);
            int d = at + Math.min(n + 1, width - 1), e = at + Math.min(n + 2, width - 1);
            target[to + n] = w0 * from[at + n] + w1 * (from[b] + from[d]) + w2 * (from[a] + from[e]);
        }
    }
}
