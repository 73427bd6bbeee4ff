package org.segvol.phantom;

/** An ellipsoid, turned about the patient's axes. */
final class Ellipsoid implements Shape {
    private final double cx;
    private final double cy;
    private final double cz;
    private final double rx;
    private final double ry;
    private final double rz;
    private final double[] turn;

    /** Centre and half axes in mm, along right, anterior and superior. */
    Ellipsoid(double cx, double cy, double cz, double rx, double ry, double rz) {
        this(cx, cy, cz, rx, ry, rz, 0, 0, 0);
    }

    /** With angles in radians: turned about the superior axis, then the anterior, then the right one. */
    Ellipsoid(
            double cx,
            double cy,
            double cz,
            double rx,
            double ry,
            double rz,
            double aboutZ,
            double aboutY,
            double aboutX) {
        this.cx = cx;
        this.cy = cy;
        this.cz = cz;
        this.rx = rx;
        this.ry = ry;
        this.rz = rz;
        this.turn = Rotation.rows(aboutX, aboutY, aboutZ);
    }

    @Override
    public double distance(Sample s) {
        double px = s.x - cx, py = s.y - cy, pz = s.z - cz;
        double u = (turn[0] * px + turn[3] * py + turn[6] * pz) / rx; // the inverse turn
        double v = (turn[1] * px + turn[4] * py + turn[7] * pz) / ry;
        double w = (turn[2] * px + turn[5] * py + turn[8] * pz) / rz;
        double q = u * u + v * v + w * w;
        if (q < 1e-9) {
            return -Math.min(rx, Math.min(ry, rz));
        }
        double length = Math.sqrt(q);
        double g = Math.sqrt(u * u / (rx * rx) + v * v / (ry * ry) + w * w / (rz * rz));
        return length * (length - 1) / g;
    }

    Box box() {
        double most = Math.max(rx, Math.max(ry, rz));
        boolean straight = turn[0] == 1 && turn[4] == 1;
        return straight ? Box.around(cx, cy, cz, rx, ry, rz) : Box.around(cx, cy, cz, most, most, most);
    }
}
