package org.segvol.phantom;

import java.util.List;
import org.segvol.image.GridSize;

/**
 * Paints blocks of voxels; belongs to one thread. The displaced coordinates are exact at a block's corners and interpolated between them, and only parts whose box
 * meets the block's are looked at, so that most voxels cost little.
 */
final class Painter {
    static final int SIDE = 8;
    static final int HEIGHT = 4;
    private static final int C = Warp.COMPONENTS;
    private static final double GRAIN = 1 / 4.5;

    private final Scene scene;
    private final Scan scan;
    private final Couch couch;
    private final Part[] all;
    private final Box[] boxes;
    private final Part[] near;
    private final Sample s = new Sample();
    private final double[][] corners = new double[8][C];
    private final double[] edge = new double[4 * C];
    private final double[] line = new double[2 * C];
    private final int grainSeed;
    private int count;
    private boolean outside;

    Painter(Scene scene, Scan scan, Couch couch, int grainSeed) {
        this.scene = scene;
        this.scan = scan;
        this.couch = couch;
        this.grainSeed = grainSeed;
        List<Part> parts = scene.parts();
        all = parts.toArray(new Part[0]);
        near = new Part[all.length];
        boxes = new Box[all.length];
        for (int n = 0; n < all.length; n++) {
            boxes[n] = all[n].box().grown(scan.soft());
        }
        s.soft = scan.soft();
    }

    /** Paints the block whose first voxel is given: HU into a slab that starts at slice {@code slab}, labels into the volume. */
    void paint(int i0, int j0, int slab, float[] hu, byte[] labels) {
        prepare(i0, j0, slab);
        GridSize size = scan.size();
        int i1 = Math.min(i0 + SIDE, size.ni()), j1 = Math.min(j0 + SIDE, size.nj());
        int k1 = Math.min(slab + HEIGHT, size.nk());
        for (int k = slab; k < k1; k++) {
            blend(corners, edge, 4, (k - slab) / (double) HEIGHT);
            for (int j = j0; j < j1; j++) {
                blend((j - j0) / (double) SIDE);
                int row = size.index(0, j, k), out = ((k - slab) * size.nj() + j) * size.ni();
                for (int i = i0; i < i1; i++) {
                    place((i - i0) / (double) SIDE);
                    if (outside) {
                        hu[out + i] = (float) table(i, j, k);
                    } else {
                        labels[row + i] = (byte) voxel(i, j, k, hu, out + i);
                    }
                }
            }
        }
    }

    private void prepare(int i0, int j0, int k0) {
        Box box = null;
        double nearest = Double.MAX_VALUE;
        for (int n = 0; n < 8; n++) {
            int i = i0 + (n & 1) * SIDE, j = j0 + (n >> 1 & 1) * SIDE, k = k0 + (n >> 2) * HEIGHT;
            double x = scan.patient(0, i, j, k), y = scan.patient(1, i, j, k), z = scan.patient(2, i, j, k);
            double[] corner = corners[n];
            scene.warp().at(x, y, z, corner);
            corner[0] += x;
            corner[1] += y;
            corner[2] += z;
            Box point = Box.around(corner[0], corner[1], corner[2], 0, 0, 0);
            box = box == null ? point : box.join(point);
            s.x = corner[0];
            s.y = corner[1];
            s.z = corner[2];
            scene.torso().measure(s);
            nearest = Math.min(nearest, s.skin);
        }
        outside = nearest > 1.5 * box.diagonal();
        count = 0;
        for (int n = 0; n < all.length && !outside; n++) {
            if (boxes[n].meets(box)) {
                near[count++] = all[n];
            }
        }
        keepNearest(box);
    }

    /** Leaves out what is too far from the block's middle to reach into it. */
    private void keepNearest(Box box) {
        s.x = (box.x0() + box.x1()) / 2;
        s.y = (box.y0() + box.y1()) / 2;
        s.z = (box.z0() + box.z1()) / 2;
        scene.torso().measure(s);
        double reach = box.diagonal() / 2;
        int kept = 0;
        for (int n = 0; n < count; n++) {
            Shape shape = near[n].shape();
            if (shape.distance(s) < reach * shape.steepness() + s.soft) {
                near[kept++] = near[n];
            }
        }
        count = kept;
    }

    private static void blend(double[][] corners, double[] out, int pairs, double t) {
        for (int n = 0; n < pairs; n++) {
            for (int m = 0; m < C; m++) {
                out[n * C + m] = corners[n][m] + t * (corners[n + pairs][m] - corners[n][m]);
            }
        }
    }

    private void blend(double t) {
        for (int m = 0; m < 2 * C; m++) {
            line[m] = edge[m] + t * (edge[2 * C + m] - edge[m]);
        }
    }

    private void place(double t) {
        s.x = line[0] + t * (line[C] - line[0]);
        s.y = line[1] + t * (line[C + 1] - line[1]);
        s.z = line[2] + t * (line[C + 2] - line[2]);
        s.drift = line[3] + t * (line[C + 3] - line[3]);
    }

    private double table(int i, int j, int k) {
        return couch.hu(scan.patient(0, i, j, k), scan.patient(1, i, j, k), s.soft);
    }

    /** Paints what is near over what is below; returns the label. */
    private int voxel(int i, int j, int k, float[] hu, int out) {
        scene.torso().measure(s);
        double body = s.cover(s.skin);
        double value = body < 1 ? table(i, j, k) : 0;
        int label = 0;
        if (body > 0) {
            s.grain = Grain.at(s.x * GRAIN, s.y * GRAIN, s.z * GRAIN, grainSeed);
            value += body * (scene.torso().hu(s) - value);
            for (int n = 0; n < count; n++) {
                Part part = near[n];
                if ((part.over() >>> label & 1) != 0) {
                    double d = part.shape().distance(s);
                    if (d < s.soft) {
                        value += s.cover(d) * (part.tissue().hu(s, -d) - value);
                        label = d < 0 && part.label() != Part.KEEP ? part.label() : label;
                    }
                }
            }
        }
        hu[out] = (float) value;
        return label;
    }
}
