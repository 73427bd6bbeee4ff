package org.segvol.image;

/**
 * Which values a picture shows from black to white.
 *
 * @param low shown black
 * @param high shown white
 * @param hounsfield whether the values are Hounsfield units
 */
record DisplayWindow(double low, double high, boolean hounsfield) {
    private static final double LEVEL = 40;
    private static final double WIDTH = 400;

    /** The usual soft-tissue window for CT, else everything between the 0.5th and the 99.5th percentile. */
    static DisplayWindow of(Intensities values) {
        if (values.looksLikeHounsfieldUnits()) {
            return new DisplayWindow(LEVEL - WIDTH / 2, LEVEL + WIDTH / 2, true);
        }
        double high = values.high() > values.low() ? values.high() : values.low() + 1;
        return new DisplayWindow(values.low(), high, false);
    }

    /** Brightness from 0 to 1; values that are not numbers are black. */
    double brightness(double value) {
        double share = (value - low) / (high - low);
        return share > 0 ? Math.min(share, 1) : 0;
    }

    String describe() {
        if (hounsfield) {
            return "level " + Math.round((low + high) / 2) + " width " + Math.round(high - low) + " HU";
        }
        return "values " + (float) low + " to " + (float) high;
    }
}
