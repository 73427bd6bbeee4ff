package org.segvol.weights;

/** Rounds to a binary floating-point format: nearest, ties to even, gradual underflow, overflow to infinity. */
final class RoundingTwin {
    private RoundingTwin() {}

    /**
     * Rounds one value.
     *
     * @param digits significant binary digits of the format
     * @param smallestExponent exponent of its smallest normal number
     * @param largest its largest finite number
     */
    static float round(float value, int digits, int smallestExponent, double largest) {
        if (Float.isNaN(value) || Float.isInfinite(value) || value == 0) {
            return value;
        }
        int exponent = Math.max(Math.getExponent((double) value), smallestExponent);
        double unit = Math.scalb(1.0, exponent - digits + 1);
        double rounded = Math.rint(value / unit) * unit;
        double magnitude = Math.abs(rounded) > largest ? Double.POSITIVE_INFINITY : Math.abs(rounded);
        return (float) Math.copySign(magnitude, value);
    }
}
