package org.segvol.phantom;

/** Spine, ribs and sternum, pelvis and hips. */
final class Skeleton {
    private Skeleton() {}

    static void add(Scene scene) {
        Chance c = scene.chance("skeleton");
        double dense = c.about(1, 0.18);
        Ribs.add(scene, c, dense);
        hips(scene, dense);
        Spine.add(scene, scene.chance("spine"), dense);
    }

    /** The iliac bones as bent plates whose course changes with height, the hip joints, and the bones below. */
    private static void hips(Scene scene, double dense) {
        Tissue bone = Tissue.bone(640 * dense, 1.5, 95 * dense);
        Profile backX = new Profile(-190, 70, -165, 58, -130, 44, -100, 46, -75, 66, -50, 88);
        Profile backY = new Profile(-190, -34, -165, -58, -130, -80, -100, -82, -75, -68, -50, -46);
        Profile midX = new Profile(-190, 84, -165, 82, -130, 88, -100, 98, -75, 108, -50, 108);
        Profile midY = new Profile(-190, -8, -165, -20, -130, -22, -100, -20, -75, -20, -50, -24);
        Profile frontX = new Profile(-190, 86, -165, 94, -130, 106, -100, 116, -75, 120, -50, 112);
        Profile frontY = new Profile(-190, 22, -165, 34, -130, 44, -100, 32, -75, 14, -50, -8);
        Profile thick = new Profile(-190, 9, -165, 7, -130, 5, -100, 4.4, -75, 5, -50, 4);
        Shape plate = s -> {
            double x = Math.abs(s.x), mx = midX.at(s.z), my = midY.at(s.z);
            return Math.min(
                    segment(x, s.y, backX.at(s.z), backY.at(s.z), mx, my),
                    segment(x, s.y, mx, my, frontX.at(s.z), frontY.at(s.z)));
        };
        Box box = new Box(-150, -120, -200, 150, 80, -44);
        Tissue flesh = Tissue.even(scene.enhancement().muscle(), 7);
        Profile iliacus = new Profile(-190, 10, -160, 16, -120, 14, -90, 9, -60, 1, -44, 0);
        scene.add(Part.plain(
                box,
                s -> Shape.smoothMax(
                        Shape.smoothMax(plate.distance(s) - thick.at(s.z) - iliacus.at(s.z), -s.y - 62, 10),
                        s.z + 56,
                        6),
                flesh));
        scene.add(Part.plain(
                box, s -> Shape.smoothMax(plate.distance(s) - thick.at(s.z), Math.max(s.z + 48, -198 - s.z), 3), bone));
        for (int side = -1; side <= 1; side += 2) {
            int at = side;
            Ellipsoid socket = new Ellipsoid(side * 88, -2, -205, 34, 34, 32);
            Ellipsoid space = new Ellipsoid(side * 93, -3, -207, 28, 28, 27);
            Shape cup = s -> Shape.smoothMax(
                    Shape.smoothMax(socket.distance(s), -space.distance(s), 2), at * s.x - 100 + 0.4 * (s.z + 205), 4);
            scene.add(Part.plain(socket.box(), cup, bone));
            Chain pubis = new Chain(4, side * 72, 22, -202, 9, side * 40, 46, -208, 8, side * 10, 50, -222, 9);
            scene.add(Part.plain(pubis.box(), pubis, bone));
            Chain ischium = new Chain(
                    4, side * 72, -28, -215, 13, side * 66, -34, -245, 14, side * 44, 2, -268, 8, side * 12, 40, -238,
                    8);
            scene.add(Part.plain(ischium.box(), ischium, bone));
            Ellipsoid head = new Ellipsoid(side * 93, -3, -207, 24.5, 24.5, 24.5);
            Chain femur = new Chain(
                    6,
                    side * 93,
                    -3,
                    -207,
                    16,
                    side * 122,
                    -10,
                    -226,
                    14,
                    side * 138,
                    -14,
                    -248,
                    20,
                    side * 138,
                    -10,
                    -320,
                    15);
            Shape thigh = s -> Shape.smoothMin(head.distance(s), femur.distance(s), 6);
            scene.add(Part.plain(head.box().join(femur.box()), thigh, bone));
        }
    }

    private static double segment(double x, double y, double ax, double ay, double bx, double by) {
        double dx = bx - ax, dy = by - ay;
        double t = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy + 1e-9);
        t = Math.min(Math.max(t, 0), 1);
        double px = x - ax - t * dx, py = y - ay - t * dy;
        return Math.sqrt(px * px + py * py);
    }
}
