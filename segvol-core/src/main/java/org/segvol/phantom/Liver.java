package org.segvol.phantom;

/** The liver under the diaphragm and along the ribs, its vessels, and the gallbladder. */
final class Liver {
    private final Scene scene;
    private final Chance c;
    private final double top;
    private final Shape shape;

    private Liver(Scene scene, Chance c) {
        this.scene = scene;
        this.c = c;
        top = scene.torso().top();
        double tip = top - 148 + c.about(0, 22), leftEnd = c.between(-100, -55), girth = c.about(0, 8);
        double slope = c.about(0.5, 0.1);
        Profile behind = new Profile(-110, 45, -70, 32 - girth, -20, 8, 15, -18, 35, -42, 60, -78, 120, -140);
        Ellipsoid porta = new Ellipsoid(26, 0, top - 92, 22, 17, 24);
        Ellipsoid ligament = new Ellipsoid(-2, 58, top - 112, 5, 42, 52, -0.12, 0, 0);
        shape = s -> {
            double d = Shape.smoothMax(s.cavity + 3.5, s.dome + 2.5, 10);
            double under = -(s.z - tip + slope * (s.x - 110) + 0.3 * (s.y - 25)) / (1 + 0.25 * slope);
            d = Shape.smoothMax(d, under, 14);
            d = Shape.smoothMax(d, (behind.at(s.x) - s.y) * 0.75, 16);
            d = Shape.smoothMax(d, (leftEnd - s.x) * 0.9, 22);
            d = Shape.smoothMax(d, -porta.distance(s), 8);
            return Shape.smoothMax(d, -ligament.distance(s), 5);
        };
    }

    static void add(Scene scene, Chance c) {
        Liver liver = new Liver(scene, c);
        scene.add(Part.labelled(
                Structure.LIVER,
                new Box(-140, -130, liver.top - 220, 180, 140, liver.top + 15),
                liver.shape,
                Tissue.even(scene.enhancement().liver(), 3.5)));
        liver.vessels();
        liver.gallbladder();
    }

    private void vessels() {
        Tissue veins = Tissue.even(
                (2 * scene.enhancement().portal() + scene.enhancement().cava()) / 3, 3);
        double[][] ends = {{112, 5}, {75, 45}, {25, 60}, {-30, 55}, {95, -35}};
        for (double[] end : ends) { // hepatic veins to the cava under the dome
            double x = end[0] + c.about(0, 10), y = end[1] + c.about(0, 10), z = top - c.between(40, 85);
            vein(
                    veins,
                    26,
                    -24,
                    top - 28,
                    5,
                    (26 + x) / 2 + c.about(0, 8),
                    (y - 24) / 2 + c.about(0, 8),
                    (z + top - 28) / 2 + 6,
                    3.6,
                    x,
                    y,
                    z,
                    1.4);
        }
        for (int n = 0; n < 12; n++) { // branches of the portal vein
            double x = c.between(-40, 125), y = c.between(-50, 70), z = top - c.between(35, 130);
            vein(
                    veins,
                    30,
                    2,
                    top - 82,
                    5,
                    30 + 0.45 * (x - 30) + c.about(0, 9),
                    0.45 * y + c.about(0, 9),
                    top - 82 + 0.4 * (z - top + 82),
                    3.2,
                    x,
                    y,
                    z,
                    1.2);
        }
    }

    private void vein(Tissue blood, double... points) {
        Chain chain = new Chain(0, points);
        scene.add(Part.inside(Structure.LIVER, chain.box(), chain, blood));
    }

    private void gallbladder() {
        double x = c.about(48, 6), y = c.about(38, 8), z = top - c.about(125, 8), f = c.about(1, 0.25);
        Chain bladder =
                new Chain(6, x, y + 10, z - 10, 14 * f, x - 8, y - 6, z + 14, 11 * f, x - 14, y - 20, z + 26, 4);
        scene.add(Part.plain(
                bladder.box(), bladder, Tissue.hollow(scene.enhancement().wall(), 1.4, c.between(2, 18), 2, 1e4)));
    }
}
