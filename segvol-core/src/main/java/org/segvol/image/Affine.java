package org.segvol.image;

import java.util.Arrays;

/**
 * The map from stored voxel indices to millimetres in RAS+ space: {@code world = M (i, j, k) + t}. Immutable. The linear part may
 * be singular in a damaged file; only {@link #toVoxel} and {@link #toVoxelCoordinates} need it invertible.
 */
public final class Affine {
    private final double[] m; // 3 rows of 4

    private Affine(double[] m) {
        this.m = m;
    }

    /**
     * From three rows of four numbers, row-major: {@code m00 m01 m02 t0 m10 ...}.
     *
     * @throws IllegalArgumentException when there are not twelve finite numbers
     */
    public static Affine ofRows(double... rows) {
        if (rows.length != 12) {
            throw new IllegalArgumentException("an affine needs 12 numbers, found " + rows.length);
        }
        for (double v : rows) {
            if (!Double.isFinite(v)) {
                throw new IllegalArgumentException("an affine needs finite numbers, found " + Arrays.toString(rows));
            }
        }
        return new Affine(rows.clone());
    }

    /** Voxel sizes in mm along i, j, k, axes aligned with right, anterior, superior, origin at zero. */
    public static Affine scaling(double si, double sj, double sk) {
        return ofRows(si, 0, 0, 0, 0, sj, 0, 0, 0, 0, sk, 0);
    }

    /** All numbers times a factor: the same grid, measured in another unit. */
    Affine scaled(double factor) {
        if (factor == 1) {
            return this;
        }
        double[] rows = new double[12];
        for (int n = 0; n < rows.length; n++) {
            rows[n] = factor * get(n / 4, n % 4);
        }
        return ofRows(rows);
    }

    /** Entry at {@code row} 0..2 and {@code column} 0..3. */
    public double get(int row, int column) {
        return m[row * 4 + column];
    }

    /** Where the centre of a voxel lies, in mm. */
    public WorldPoint toWorld(double i, double j, double k) {
        return new WorldPoint(row(0, i, j, k), row(1, i, j, k), row(2, i, j, k));
    }

    private double row(int r, double i, double j, double k) {
        return m[r * 4] * i + m[r * 4 + 1] * j + m[r * 4 + 2] * k + m[r * 4 + 3];
    }

    /**
     * The fractional voxel indices of a position.
     *
     * @throws IllegalArgumentException when the affine cannot be inverted
     */
    public double[] toVoxelCoordinates(WorldPoint p) {
        double a = m[0], b = m[1], c = m[2], d = m[4], e = m[5], f = m[6], g = m[8], h = m[9], i = m[10];
        double det = determinant();
        if (det == 0 || !Double.isFinite(det)) {
            throw new IllegalArgumentException(
                    "the volume's affine is singular, so millimetres cannot be turned into voxels");
        }
        double x = p.right() - m[3], y = p.anterior() - m[7], z = p.superior() - m[11];
        return new double[] {
            ((e * i - f * h) * x + (c * h - b * i) * y + (b * f - c * e) * z) / det,
            ((f * g - d * i) * x + (a * i - c * g) * y + (c * d - a * f) * z) / det,
            ((d * h - e * g) * x + (b * g - a * h) * y + (a * e - b * d) * z) / det
        };
    }

    /**
     * The voxel whose centre is nearest to a position; it may lie outside the volume.
     *
     * @throws IllegalArgumentException when the affine cannot be inverted, or the position is not finite
     */
    public VoxelPoint toVoxel(WorldPoint p) {
        double[] v = toVoxelCoordinates(p);
        if (!(Double.isFinite(v[0]) && Double.isFinite(v[1]) && Double.isFinite(v[2]))) {
            throw new IllegalArgumentException("a position needs three finite numbers in mm, found " + p);
        }
        return new VoxelPoint((int) Math.rint(v[0]), (int) Math.rint(v[1]), (int) Math.rint(v[2]));
    }

    /** Voxel sizes in mm along the stored axes (i, j, k). */
    public double[] spacing() {
        double[] s = new double[3];
        for (int c = 0; c < 3; c++) {
            s[c] = Math.sqrt(get(0, c) * get(0, c) + get(1, c) * get(1, c) + get(2, c) * get(2, c));
        }
        return s;
    }

    /** Volume of one voxel in mm3. */
    public double voxelVolume() {
        return Math.abs(determinant());
    }

    private double determinant() {
        return m[0] * (m[5] * m[10] - m[6] * m[9])
                - m[1] * (m[4] * m[10] - m[6] * m[8])
                + m[2] * (m[4] * m[9] - m[5] * m[8]);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Affine other && Arrays.equals(m, other.m);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(m);
    }

    @Override
    public String toString() {
        return Arrays.toString(m);
    }
}
