package org.segvol.phantom;

/** A smooth random displacement of the whole patient, and a smooth random value: cubic B-splines over nodes some centimetres apart. */
final class Warp {
    /** Components: displacement along right, anterior and superior in mm; a value of about -1 to 1. */
    static final int COMPONENTS = 4;

    private static final double CELL = 55;
    private static final int NODES = 20;

    private final float[] nodes = new float[NODES * NODES * NODES * COMPONENTS];

    Warp(Chance c, double millimetres) {
        for (int n = 0; n < nodes.length; n++) {
            double size = n % COMPONENTS == 3 ? 2 : 2.2 * millimetres; // the spline averages its nodes
            nodes[n] = (float) c.about(0, size);
        }
    }

    /** The components at a place in mm. */
    void at(double x, double y, double z, double[] out) {
        double px = place(x), py = place(y), pz = place(z);
        int ix = (int) px, iy = (int) py, iz = (int) pz;
        double a = px - ix, b = py - iy, c = pz - iz;
        for (int m = 0; m < COMPONENTS; m++) {
            out[m] = 0;
        }
        for (int k = 0; k < 4; k++) {
            double wk = weight(k, c);
            for (int j = 0; j < 4; j++) {
                double wj = wk * weight(j, b);
                int at = (((iz + k) * NODES + iy + j) * NODES + ix) * COMPONENTS;
                for (int i = 0; i < 4; i++) {
                    double w = wj * weight(i, a);
                    for (int m = 0; m < COMPONENTS; m++) {
                        out[m] += w * nodes[at++];
                    }
                }
            }
        }
    }

    private static double place(double mm) {
        return Math.min(Math.max(mm / CELL + NODES / 2.0 - 1, 0), NODES - 4.001);
    }

    private static double weight(int n, double t) {
        double u = 1 - t;
        return switch (n) {
            case 0 -> u * u * u / 6;
            case 1 -> (3 * t * t * t - 6 * t * t + 4) / 6;
            case 2 -> (3 * u * u * u - 6 * u * u + 4) / 6;
            default -> t * t * t / 6;
        };
    }
}
