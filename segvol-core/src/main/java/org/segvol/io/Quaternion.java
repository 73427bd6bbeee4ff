package org.segvol.io;

import java.util.Arrays;
import org.segvol.image.Affine;

/** A rotation with voxel sizes and an offset, in the form in which NIfTI's qform holds it. */
final class Quaternion {
    /** How far b*b + c*c + d*d may stand from 1 and count as 1 when the numbers were kept in single precision. */
    static final double SINGLE_TOLERANCE = 3 * Math.ulp(1f);
    /** The same for double precision. */
    static final double DOUBLE_TOLERANCE = 3 * Math.ulp(1.0);

    private final double b;
    private final double c;
    private final double d;
    private final double qfac;
    private final double[] spacing;
    private final double[] offset;

    /**
     * From what a header holds.
     *
     * @param bcd the quaternion's i, j and k parts
     * @param qfac 1, or -1 when the third axis is mirrored
     * @param spacing voxel sizes in mm
     * @param offset position of voxel (0, 0, 0) in mm
     */
    Quaternion(double[] bcd, double qfac, double[] spacing, double[] offset) {
        b = bcd[0];
        c = bcd[1];
        d = bcd[2];
        this.qfac = qfac;
        this.spacing = spacing;
        this.offset = offset;
    }

    /** The i, j and k parts; the real part is the one that makes the length 1, and not negative. */
    double[] bcd() {
        return new double[] {b, c, d};
    }

    double qfac() {
        return qfac;
    }

    /** Voxel sizes in mm. */
    double[] spacing() {
        return spacing.clone();
    }

    /** Position of voxel (0, 0, 0) in mm. */
    double[] offset() {
        return offset.clone();
    }

    /**
     * The affine.
     *
     * @param tolerance how far b*b + c*c + d*d may stand from 1 and still count as 1
     * @throws IllegalArgumentException when it is above 1 by more, or a number is not finite
     */
    Affine toAffine(double tolerance) {
        double ww = 1 - (b * b + c * c + d * d);
        if (ww <= -Math.abs(tolerance)) {
            throw new IllegalArgumentException("the quaternion (" + b + ", " + c + ", " + d + ") is longer than 1");
        }
        double w = Math.abs(ww) < Math.abs(tolerance) ? 0 : Math.sqrt(ww);
        double s = 2 / (w * w + b * b + c * c + d * d);
        double[] r = {
            1 - s * (c * c + d * d),
            s * (b * c - w * d),
            s * (b * d + w * c),
            s * (b * c + w * d),
            1 - s * (b * b + d * d),
            s * (c * d - w * b),
            s * (b * d - w * c),
            s * (c * d + w * b),
            1 - s * (b * b + c * c)
        };
        double[] rows = new double[12];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                double sign = column == 2 ? qfac : 1;
                rows[row * 4 + column] = r[row * 3 + column] * sign * spacing[column];
            }
            rows[row * 4 + 3] = offset[row];
        }
        return Affine.ofRows(rows);
    }

    /** As NIfTI-1 keeps it. */
    Quaternion rounded() {
        return new Quaternion(single(bcd()), qfac, single(spacing), single(offset));
    }

    private static double[] single(double[] values) {
        return Arrays.stream(values).map(v -> (float) v).toArray();
    }

    /** The quaternion of an affine; exact when its columns are at right angles, otherwise {@link #toAffine} differs. */
    static Quaternion of(Affine affine) {
        double[] spacing = affine.spacing();
        double[][] r = new double[3][3];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                r[row][column] = spacing[column] == 0 ? 0 : affine.get(row, column) / spacing[column];
            }
        }
        double qfac = determinant(r) < 0 ? -1 : 1;
        for (double[] row : r) {
            row[2] *= qfac;
        }
        double[] q = unit(r);
        double sign = q[0] < 0 ? -1 : 1;
        double[] offset = {affine.get(0, 3), affine.get(1, 3), affine.get(2, 3)};
        return new Quaternion(new double[] {sign * q[1], sign * q[2], sign * q[3]}, qfac, spacing, offset);
    }

    /** (w, x, y, z) of a rotation, from its largest component so that nothing small is divided by. */
    private static double[] unit(double[][] r) {
        double[] squares = {
            1 + r[0][0] + r[1][1] + r[2][2],
            1 + r[0][0] - r[1][1] - r[2][2],
            1 - r[0][0] + r[1][1] - r[2][2],
            1 - r[0][0] - r[1][1] + r[2][2]
        };
        int largest = 0;
        for (int n = 1; n < 4; n++) {
            if (squares[n] > squares[largest]) {
                largest = n;
            }
        }
        double wx = r[2][1] - r[1][2], wy = r[0][2] - r[2][0], wz = r[1][0] - r[0][1];
        double xy = r[1][0] + r[0][1], xz = r[0][2] + r[2][0], yz = r[2][1] + r[1][2];
        double[] q =
                switch (largest) {
                    case 0 -> new double[] {squares[0], wx, wy, wz};
                    case 1 -> new double[] {wx, squares[1], xy, xz};
                    case 2 -> new double[] {wy, xy, squares[2], yz};
                    default -> new double[] {wz, xz, yz, squares[3]};
                };
        double norm = Math.sqrt(Arrays.stream(q).map(v -> v * v).sum());
        return Arrays.stream(q).map(v -> v / norm).toArray();
    }

    private static double determinant(double[][] r) {
        return r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1])
                - r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0])
                + r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]);
    }
}
