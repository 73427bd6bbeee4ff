package org.segvol.phantom;

import java.util.Arrays;

/** A tube through some points, each with its radius: vessels, gut. */
final class Chain implements Shape {
    private final double[] points; // x, y, z, radius each
    private final double blend;

    /** From {@code x, y, z, radius} of two or more points in mm; joints are rounded by about {@code blend}. */
    Chain(double blend, double... points) {
        if (points.length < 8 || points.length % 4 != 0) {
            throw new IllegalArgumentException("a chain needs four numbers for each of two or more points, found "
                    + points.length + ": " + Arrays.toString(points));
        }
        this.points = points.clone();
        this.blend = blend;
    }

    @Override
    public double distance(Sample s) {
        double[] p = points;
        double nearest = link(p, 0, s);
        for (int n = 4; n + 4 < p.length; n += 4) {
            double d = link(p, n, s);
            nearest = blend > 0 ? Shape.smoothMin(nearest, d, blend) : Math.min(nearest, d);
        }
        return nearest;
    }

    private static double link(double[] p, int n, Sample s) {
        double ax = s.x - p[n], ay = s.y - p[n + 1], az = s.z - p[n + 2];
        double bx = p[n + 4] - p[n], by = p[n + 5] - p[n + 1], bz = p[n + 6] - p[n + 2];
        double t = (ax * bx + ay * by + az * bz) / (bx * bx + by * by + bz * bz + 1e-9);
        t = Math.min(Math.max(t, 0), 1);
        double dx = ax - t * bx, dy = ay - t * by, dz = az - t * bz;
        return Math.sqrt(dx * dx + dy * dy + dz * dz) - (p[n + 3] + t * (p[n + 7] - p[n + 3]));
    }

    @Override
    public double steepness() {
        return 1.5;
    }

    Box box() {
        Box box = around(0);
        for (int n = 4; n < points.length; n += 4) {
            box = box.join(around(n));
        }
        return box;
    }

    private Box around(int n) {
        double r = points[n + 3] + blend / 4;
        return Box.around(points[n], points[n + 1], points[n + 2], r, r, r);
    }
}
