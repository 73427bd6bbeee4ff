package org.segvol.phantom;

/** The table under the patient: a thin curved shell around foam. */
final class Couch {
    private static final double HALF_WIDTH = 205;
    private static final double THICKNESS = 38;
    private static final double SHELL = 3.2;
    private static final double AIR = -1000;
    private static final double FOAM = -935;
    private static final double CARBON = 60;

    private final double top;

    Couch(double top) {
        this.top = top;
    }

    /** HU at a place outside the body, mm in the patient's space. */
    double hu(double x, double y, double soft) {
        double upper = y - (top + x * x / 1500);
        double lower = top - THICKNESS + x * x / 1100 - y;
        double outside = Math.max(Math.max(upper, lower), Math.abs(x) - HALF_WIDTH);
        if (outside > soft) {
            return AIR;
        }
        double shell = cover(outside, soft) * (CARBON - AIR) + AIR;
        return shell + cover(outside + SHELL, soft) * (FOAM - shell);
    }

    private static double cover(double distance, double soft) {
        return Math.min(Math.max(0.5 - distance / (2 * soft), 0), 1);
    }
}
