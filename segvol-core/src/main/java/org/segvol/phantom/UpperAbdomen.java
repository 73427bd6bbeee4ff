package org.segvol.phantom;

/** Stomach, pancreas, spleen, and the liver with what belongs to it. */
final class UpperAbdomen {
    private UpperAbdomen() {}

    static void add(Scene scene) {
        stomach(scene, scene.chance("stomach"));
        pancreas(scene, scene.chance("pancreas"));
        spleen(scene, scene.chance("spleen"));
        Liver.add(scene, scene.chance("liver"));
    }

    private static void stomach(Scene scene, Chance c) {
        double f = c.about(1, 0.22), top = scene.torso().top();
        double x = c.about(-58, 8), y = c.about(0, 6);
        Chain chain = new Chain(
                14, x, y - 22, top - 34, 33 * f, x - 6, y + 4, top - 62, 31 * f, x + 2, y + 30, top - 92, 25 * f,
                x + 26, y + 42, top - 112, 19 * f, 2, y + 42, top - 104, 15, 24, y + 30, top - 92, 11);
        Shape shape = s -> Shape.smoothMax(Shape.smoothMax(chain.distance(s), s.cavity + 5, 6), s.dome + 4, 6);
        double content = c.happens(0.25) ? c.between(120, 260) : c.between(5, 40);
        double mottle = c.happens(0.4) ? c.between(25, 60) : 8; // food, or water
        Tissue tissue = Tissue.hollow(
                scene.enhancement().wall() + c.about(0, 6), c.between(3, 5), content, mottle, y + c.between(12, 38));
        scene.add(Part.labelled(Structure.STOMACH, chain.box(), shape, tissue));
        Chain duodenum = new Chain(
                6, 24, y + 30, top - 92, 11, 46, y + 10, top - 96, 13, 48, -6, top - 130, 12, 30, -8, top - 158, 11,
                -15, -2, top - 152, 10);
        scene.add(Part.behind(
                Structure.STOMACH,
                duodenum.box(),
                duodenum,
                Tissue.hollow(scene.enhancement().wall(), 2.5, c.between(10, 40), 12, c.between(0, 40))));
    }

    private static void pancreas(Scene scene, Chance c) {
        double z = scene.torso().top() + c.about(-98, 6), y = c.about(14, 4);
        Chain chain = new Chain(
                6, 30, y - 4, z - 22, 14, 22, y, z - 6, 13, 2, y + 9, z, 9, -28, y + 4, z + 10, 10, -62, y - 22, z + 20,
                10);
        int seed = (int) c.bits();
        Shape lobes = s -> chain.distance(s) + 1.8 * Grain.at(s.x / 6, s.y / 6, s.z / 6, seed);
        scene.add(Part.behind(
                Structure.STOMACH,
                chain.box().grown(2),
                lobes,
                Tissue.even(scene.enhancement().pancreas(), 10)));
        Chain vein = new Chain(0, -70, y - 24, z + 18, 4, -30, y - 4, z + 6, 4.5, 14, y - 4, z - 2, 6);
        scene.add(Part.behind(
                Structure.STOMACH,
                vein.box(),
                vein,
                Tissue.even(scene.enhancement().portal(), 4)));
    }

    private static void spleen(Scene scene, Chance c) {
        double f = c.about(1, 0.16),
                x = c.about(-104, 5),
                y = c.about(-34, 7),
                z = scene.torso().top() + c.about(-58, 8);
        Ellipsoid whole = new Ellipsoid(x, y, z, 45 * f, 61 * f, 61 * f, 0.35, 0, -0.3);
        Ellipsoid hilum = new Ellipsoid(x + 60, y + 24, z - 5, 34, 44, 60, 0.35, 0, 0);
        Shape shape = s -> {
            double d = Shape.smoothMax(whole.distance(s), s.cavity + 3, 8);
            d = Shape.smoothMax(d, s.dome + 3, 8);
            return Shape.smoothMax(d, -hilum.distance(s), 8);
        };
        scene.add(Part.labelled(
                Structure.SPLEEN,
                whole.box(),
                shape,
                Tissue.even(scene.enhancement().spleen(), 4)));
    }
}
