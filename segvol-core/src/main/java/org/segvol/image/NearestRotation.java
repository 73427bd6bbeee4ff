package org.segvol.image;

/** The rotation (or reflection) nearest to an affine's directions: the orthogonal factor of its polar decomposition. */
final class NearestRotation {
    private static final int SWEEPS = 30;

    private NearestRotation() {}

    /**
     * Columns of the orthogonal factor of the affine's linear part with its columns scaled to length 1. Directions in which the
     * linear part is singular are left out, so that a zero column stays zero.
     *
     * @return {@code result[column][row]}
     */
    static double[][] columns(Affine affine) {
        double[][] u = new double[3][3]; // columns
        double[] spacing = affine.spacing();
        for (int c = 0; c < 3; c++) {
            for (int r = 0; r < 3; r++) {
                u[c][r] = spacing[c] == 0 ? 0 : affine.get(r, c) / spacing[c];
            }
        }
        double[][] v = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}; // columns
        orthogonalise(u, v);
        double[] singular = new double[3];
        double largest = 0;
        for (int c = 0; c < 3; c++) {
            singular[c] = Math.sqrt(dot(u[c], u[c]));
            largest = Math.max(largest, singular[c]);
        }
        double threshold = largest * 3 * Math.ulp(1.0);
        double[][] result = new double[3][3];
        for (int n = 0; n < 3; n++) {
            if (singular[n] > threshold) {
                for (int c = 0; c < 3; c++) {
                    for (int r = 0; r < 3; r++) {
                        result[c][r] += u[n][r] / singular[n] * v[n][c];
                    }
                }
            }
        }
        return result;
    }

    /** One-sided Jacobi: turns pairs of columns of {@code u} until all stand at right angles, and {@code v} along with them. */
    private static void orthogonalise(double[][] u, double[][] v) {
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean turned = false;
            for (int p = 0; p < 2; p++) {
                for (int q = p + 1; q < 3; q++) {
                    double pp = dot(u[p], u[p]);
                    double qq = dot(u[q], u[q]);
                    double pq = dot(u[p], u[q]);
                    if (Math.abs(pq) <= Math.ulp(1.0) * Math.sqrt(pp * qq)) {
                        continue;
                    }
                    turned = true;
                    double zeta = (qq - pp) / (2 * pq);
                    double t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
                    double cos = 1 / Math.sqrt(1 + t * t);
                    turn(u[p], u[q], cos, cos * t);
                    turn(v[p], v[q], cos, cos * t);
                }
            }
            if (!turned) {
                return;
            }
        }
    }

    private static void turn(double[] p, double[] q, double cos, double sin) {
        for (int n = 0; n < 3; n++) {
            double old = p[n];
            p[n] = cos * old - sin * q[n];
            q[n] = sin * old + cos * q[n];
        }
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
}
