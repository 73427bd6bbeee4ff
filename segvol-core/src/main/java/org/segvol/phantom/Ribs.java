package org.segvol.phantom;

/** Twelve pairs of ribs in the wall of the chest, falling towards the front, their cartilage, and the sternum. */
final class Ribs {
    private static final double PITCH = 27.5;
    private static final double FALL = 0.82;
    /** How far to the front each bony rib goes, mm, from the twelfth up. */
    private static final double[] FRONT = {-38, 2, 42, 56, 62, 66, 70, 74, 76, 78};
    /** The same with its cartilage. */
    private static final double[] CARTILAGE = {-38, 6, 62, 92, 110, 110, 110, 110, 110, 110};

    private Ribs() {}

    static void add(Scene scene, Chance c, double dense) {
        double first = c.about(78, 5); // where the twelfth rib would be at the spine
        double thick = c.about(5.2, 0.5);
        Tissue bone = Tissue.bone(520 * dense, 1.2, 120 * dense);
        Tissue cartilage = Tissue.even(95, 12);
        Box box = new Box(-250, -200, -60, 250, 200, 400);
        scene.add(Part.plain(box, s -> rib(s, first, thick + 0.8, CARTILAGE), cartilage));
        scene.add(Part.plain(box, s -> rib(s, first, thick, FRONT), bone));
        double width = c.about(19, 3);
        scene.add(Part.plain(
                new Box(-40, 30, scene.torso().top() - 12, 40, 200, 400),
                s -> {
                    double u = Math.abs(s.x) - width, v = Math.abs(s.cavity - 7) - 5.5;
                    return Shape.smoothMax(
                            Shape.smoothMax(u, v, 4), Math.max(scene.torso().top() - 8 - s.z, -s.y), 4);
                },
                bone));
    }

    private static double rib(Sample s, double first, double thick, double[] ends) {
        double depth = s.cavity - 6.5;
        if (depth > 2 * thick || depth < -2 * thick) {
            return Math.abs(depth) - thick;
        }
        double along = (s.z + FALL * (s.y + 58) + 0.22 * Math.abs(s.x) - first) / PITCH;
        int n = (int) Math.floor(along + 0.5);
        if (n < 0) {
            return (-along - 0.5) * PITCH + 1;
        }
        double u = (along - n) * PITCH * 0.77, v = depth * 1.3;
        double d = Math.sqrt(u * u + v * v) - thick;
        d = Math.max(d, s.y - ends[Math.min(n, ends.length - 1)]);
        return s.y < 0 ? Math.max(d, 24 - Math.abs(s.x)) : d; // from the transverse processes on
    }
}
