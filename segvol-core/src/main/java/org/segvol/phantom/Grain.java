package org.segvol.phantom;

/** Smooth random values in space, -1 to 1, from a hash of whole cells: what makes a tissue uneven. */
final class Grain {
    private static final int OFFSET = 1 << 16;

    private Grain() {}

    /** The value at a place given in cells, between -60000 and 60000. */
    static double at(double x, double y, double z, int seed) {
        double px = x + OFFSET, py = y + OFFSET, pz = z + OFFSET;
        int ix = (int) px, iy = (int) py, iz = (int) pz;
        double fx = px - ix, fy = py - iy, fz = pz - iz;
        int a = seed + ix * 0x9E3779B1 + iy * 0x85EBCA6B + iz * 0xC2B2AE35;
        double low = plane(a, fx, fy), high = plane(a + 0xC2B2AE35, fx, fy);
        return low + fz * (high - low);
    }

    private static double plane(int a, double fx, double fy) {
        double p = cell(a), q = cell(a + 0x9E3779B1), r = cell(a + 0x85EBCA6B), s = cell(a + 0x85EBCA6B + 0x9E3779B1);
        double near = p + fx * (q - p), far = r + fx * (s - r);
        return near + fy * (far - near);
    }

    private static double cell(int a) {
        int h = a ^ (a >>> 15);
        h *= 0x2C1B3C6D;
        h ^= h >>> 12;
        h *= 0x297A2D39;
        h ^= h >>> 15;
        return h * 0x1p-31;
    }
}
