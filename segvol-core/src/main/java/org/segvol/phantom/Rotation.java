package org.segvol.phantom;

/** Rotation matrices, calculated the same on every machine. */
final class Rotation {
    private Rotation() {}

    /** Rows of Rx Ry Rz for angles in radians. */
    static double[] rows(double aboutX, double aboutY, double aboutZ) {
        double cx = StrictMath.cos(aboutX), sx = StrictMath.sin(aboutX);
        double cy = StrictMath.cos(aboutY), sy = StrictMath.sin(aboutY);
        double cz = StrictMath.cos(aboutZ), sz = StrictMath.sin(aboutZ);
        return new double[] {
            cy * cz,
            -cy * sz,
            sy,
            cx * sz + sx * sy * cz,
            cx * cz - sx * sy * sz,
            -sx * cy,
            sx * sz - cx * sy * cz,
            sx * cz + cx * sy * sz,
            cx * cy
        };
    }
}
