package org.segvol.phantom;

/** A box in the patient, mm; whatever lies outside it is outside the shape that it belongs to. */
record Box(double x0, double y0, double z0, double x1, double y1, double z1) {
    /** Everything. */
    static final Box ALL = new Box(-1e4, -1e4, -1e4, 1e4, 1e4, 1e4);

    static Box around(double x, double y, double z, double rx, double ry, double rz) {
        return new Box(x - rx, y - ry, z - rz, x + rx, y + ry, z + rz);
    }

    Box grown(double mm) {
        return new Box(x0 - mm, y0 - mm, z0 - mm, x1 + mm, y1 + mm, z1 + mm);
    }

    Box join(Box o) {
        return new Box(
                Math.min(x0, o.x0),
                Math.min(y0, o.y0),
                Math.min(z0, o.z0),
                Math.max(x1, o.x1),
                Math.max(y1, o.y1),
                Math.max(z1, o.z1));
    }

    double diagonal() {
        double dx = x1 - x0, dy = y1 - y0, dz = z1 - z0;
        return Math.sqrt(dx * dx + dy * dy + dz * dz);
    }

    boolean meets(Box o) {
        return x0 <= o.x1 && o.x0 <= x1 && y0 <= o.y1 && o.y0 <= y1 && z0 <= o.z1 && o.z0 <= z1;
    }
}
