package org.segvol.phantom;

/** Lungs with their vessels, heart, oesophagus. */
final class Chest {
    private Chest() {}

    static void add(Scene scene) {
        Chance c = scene.chance("chest");
        double hx = c.about(-30, 6), hy = c.about(24, 6), hz = scene.torso().top() + c.about(32, 5);
        Ellipsoid heart = new Ellipsoid(hx, hy, hz, 56 * c.about(1, 0.1), 44, 42, 0.5, 0.25, 0);
        double mx = c.about(-3, 3), half = c.about(30, 4);
        Shape mediastinum = s -> {
            double u = (s.x - mx) / half, v = (s.y + 2) / 78;
            return (Math.sqrt(u * u + v * v) - 1) * half;
        };
        Shape lungs = s -> {
            double d = Shape.smoothMax(s.cavity + 2, 2 - s.dome, 4);
            d = Shape.smoothMax(d, -mediastinum.distance(s), 6);
            double column = Math.max(Math.abs(s.x) - 25, s.y + 45); // the spine and what lies behind it
            d = Shape.smoothMax(d, -column, 8);
            return Shape.smoothMax(d, 4 - heart.distance(s), 5);
        };
        double air = c.about(-855, 25);
        Tissue lung = (s, depth) -> air - 0.35 * s.y + 25 * s.grain + 20 * s.drift;
        Box chest = new Box(-250, -200, -40, 250, 200, 400);
        scene.add(Part.labelled(Structure.LUNGS, chest, lungs, lung));
        vessels(scene, c);
        muscleAndBlood(scene, c, heart);
        scene.add(Part.plain(
                Box.around(-6, -32, 240, 14, 20, 130),
                new Chain(0, -14, -18, 112, 7, -4, -36, 150, 7, -2, -40, 360, 7),
                Tissue.hollow(scene.enhancement().wall() * 0.7, 3, -300, 300, 1e4)));
    }

    private static void muscleAndBlood(Scene scene, Chance c, Ellipsoid heart) {
        double blood = scene.enhancement().artery() * c.about(0.95, 0.05),
                muscle = scene.enhancement().muscle() + 35;
        scene.add(Part.plain(
                heart.box(),
                heart,
                (s, depth) -> muscle + s.cover(9 + 4 * s.drift - depth) * (blood - muscle) + 4 * s.grain));
    }

    /** Branches from both hila into the lungs, painted inside them alone. */
    private static void vessels(Scene scene, Chance c) {
        Tissue blood = Tissue.even(scene.enhancement().artery() * 0.7, 5);
        for (int side = -1; side <= 1; side += 2) {
            for (int n = 0; n < 26; n++) {
                double x = side * c.between(28, 40),
                        y = c.about(-12, 15),
                        z = scene.torso().top() + c.between(25, 75);
                double tx = side * c.between(50, 118), ty = c.between(-80, 60), tz = z - c.between(-40, 105);
                double mx = (x + tx) / 2 + c.about(0, 12),
                        my = (y + ty) / 2 + c.about(0, 12),
                        mz = (z + tz) / 2 + c.about(0, 12);
                branch(scene, new Chain(0, x, y, z, 6, mx, my, mz, 3.2, tx, ty, tz, 1.5), blood);
                for (int twig = 0; twig < 3; twig++) {
                    double t = c.between(0.2, 0.9);
                    double bx = mx + t * (tx - mx), by = my + t * (ty - my), bz = mz + t * (tz - mz);
                    branch(
                            scene,
                            new Chain(
                                    0,
                                    bx,
                                    by,
                                    bz,
                                    2,
                                    bx + c.about(0, 45),
                                    by + c.about(0, 45),
                                    bz - c.about(10, 40),
                                    0.9),
                            blood);
                }
            }
        }
    }

    private static void branch(Scene scene, Chain chain, Tissue blood) {
        scene.add(Part.inside(Structure.LUNGS, chain.box(), chain, blood));
    }
}
