package org.segvol.phantom;

import org.segvol.image.Affine;
import org.segvol.image.GridSize;

/** The scanner's settings: where the voxels lie in the patient, how blurred and how noisy they are. */
final class Scan {
    private static final String AXES = "RLAPSI";
    private static final String[] USUAL = {"LPS", "RAS", "LAS", "RPS", "LPI", "LAI", "RAI"};
    /** Heights that hold the nine organs at least in part, mm. */
    private static final double LOWEST = -228, HIGHEST = 150;

    private final GridSize size;
    private final double[] toPatient; // 3 rows of 4
    private final Affine affine;
    private final double soft;
    private final double[] blur = new double[3];
    private final double noise;
    private final int noiseSeed;

    Scan(PhantomOptions options, Torso torso, Chance c) {
        size = options.size();
        int order = c.below(USUAL.length);
        double[] tilt = tilt(c);
        String codes = options.orientation() == null ? USUAL[order] : options.orientation();
        double[] mm = new double[3]; // by stored axis
        double[] extents = drawnExtents(torso, c);
        double[] middle = {c.about(0, 8), c.about(-6, 8), extents[3]};
        double inPlane = 0, along = 0;
        for (int axis = 0; axis < 3; axis++) {
            int world = AXES.indexOf(codes.charAt(axis)) / 2;
            if (world == 2) {
                along = extents[2] / size.side(axis);
            } else {
                inPlane = Math.max(inPlane, extents[world] / size.side(axis));
            }
        }
        double[][] columns = new double[3][];
        double sharp = c.between(0.45, 0.75), through = c.between(0.4, 0.6);
        double across = Double.MAX_VALUE;
        for (int axis = 0; axis < 3; axis++) {
            int letter = AXES.indexOf(codes.charAt(axis)), world = letter / 2;
            mm[axis] = options.spacing() != null ? options.spacing().along(axis) : world == 2 ? along : inPlane;
            double sign = letter % 2 == 0 ? 1 : -1;
            columns[axis] = new double[] {sign * tilt[world], sign * tilt[3 + world], sign * tilt[6 + world]};
            blur[axis] = world == 2 ? through : sharp;
            across = world == 2 ? across : Math.min(across, mm[axis]);
        }
        soft = Math.max(0.55 * across, 0.25);
        toPatient = matrix(columns, mm, middle);
        double drawn = c.between(7, 20);
        noise = options.noise() == null ? drawn : options.noise();
        noiseSeed = (int) c.bits();
        double[] rows = toPatient.clone();
        rows[3] += Math.rint(c.between(-60, 60) * 16) / 16; // the scanner's origin is not the patient's
        rows[7] += Math.rint(c.between(-160, 60) * 16) / 16;
        rows[11] += Math.rint(c.between(-900, 900) * 16) / 16;
        affine = asStored(rows);
    }

    /** Widths along right, anterior and superior, and the middle's height, mm. */
    private static double[] drawnExtents(Torso torso, Chance c) {
        double width = 2 * torso.largestHalfWidth() * c.between(1.04, 1.22);
        double depth = Math.max(1.25 * 2 * torso.back() * c.between(0.9, 1), 0.72 * width);
        double low = LOWEST - 45 * c.unit(), high = HIGHEST + 65 * c.unit();
        return new double[] {width, depth, high - low, (high + low) / 2};
    }

    private static double[] tilt(Chance c) {
        boolean oblique = c.happens(0.3);
        double a = c.about(0, 0.09), b = c.about(0, 0.05), d = c.about(0, 0.07);
        return oblique ? Rotation.rows(a, b, d) : Rotation.rows(0, 0, 0);
    }

    private double[] matrix(double[][] columns, double[] mm, double[] middle) {
        double[] m = new double[12];
        for (int row = 0; row < 3; row++) {
            double start = middle[row];
            for (int axis = 0; axis < 3; axis++) {
                m[row * 4 + axis] = columns[axis][row] * mm[axis];
                start -= m[row * 4 + axis] * (size.side(axis) - 1) / 2.0;
            }
            m[row * 4 + 3] = start;
        }
        return m;
    }

    /** In the precision of a NIfTI file, so that a file gives the same affine back. */
    private static Affine asStored(double[] rows) {
        double[] rounded = new double[rows.length];
        for (int n = 0; n < rows.length; n++) {
            rounded[n] = (float) rows[n] + 0.0; // no negative zeros
        }
        return Affine.ofRows(rounded);
    }

    GridSize size() {
        return size;
    }

    /** Stored voxels to mm in the scanner's space, RAS+. */
    Affine affine() {
        return affine;
    }

    /** Coordinate {@code row} in the patient, mm, of a place in voxels. */
    double patient(int row, double i, double j, double k) {
        return toPatient[row * 4] * i
                + toPatient[row * 4 + 1] * j
                + toPatient[row * 4 + 2] * k
                + toPatient[row * 4 + 3];
    }

    /** Half the width of soft edges, mm. */
    double soft() {
        return soft;
    }

    /** Standard deviation of the blur along a stored axis, voxels. */
    double blur(int axis) {
        return blur[axis];
    }

    /** Standard deviation of the noise in soft tissue, HU. */
    double noise() {
        return noise;
    }

    int noiseSeed() {
        return noiseSeed;
    }
}
