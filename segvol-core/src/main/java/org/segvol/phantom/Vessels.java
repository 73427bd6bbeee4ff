package org.segvol.phantom;

/** Aorta, inferior vena cava and their large branches. */
final class Vessels {
    private Vessels() {}

    static void add(Scene scene) {
        Chance c = scene.chance("vessels");
        double artery = scene.enhancement().artery(),
                cava = scene.enhancement().cava(),
                top = scene.torso().top();
        double r = c.between(8.2, 12.5), fork = c.about(-62, 7), sway = c.about(0, 4);
        Tissue blood = Tissue.even(artery, 3), veins = Tissue.even(cava, 4);
        for (int side = -1; side <= 1; side += 2) {
            Chain iliacVein = new Chain(
                    0,
                    20,
                    -18,
                    fork - 18,
                    8,
                    side * 32 + 4,
                    -22,
                    -115,
                    6.5,
                    side * 58,
                    -2,
                    -158,
                    6,
                    side * 66,
                    38,
                    -205,
                    6,
                    side * 72,
                    52,
                    -260,
                    5.5);
            scene.add(Part.plain(iliacVein.box(), iliacVein, veins));
            Chain iliac = new Chain(
                    0, -6, -10, fork, 6, side * 28, -8, -108, 5.2, side * 52, 6, -150, 4.8, side * 72, 44, -205, 4.6,
                    side * 84, 50, -260, 4);
            scene.add(Part.plain(iliac.box(), iliac, calcified(artery, c)));
        }
        Chain ivc = new Chain(
                0, 20, -18, fork - 18, 9, 22, -13, -20, 10, 24, -14, 30, 11, 27, -20, top - 60, 12, 24, -14, top - 12,
                12, 16, 4, top + 20, 13);
        scene.add(Part.plain(ivc.box(), ivc, veins));
        Chain portal = new Chain(0, 12, 8, top - 102, 6.5, 24, 4, top - 88, 7, 38, 2, top - 76, 5.5);
        scene.add(
                Part.plain(portal.box(), portal, Tissue.even(scene.enhancement().portal(), 3)));
        Chain mesenteric =
                new Chain(0, -4, 4, top - 100, 3.2, -2, 18, top - 112, 3.4, 4, 22, top - 170, 3, 12, 26, top - 210, 2);
        scene.add(Part.plain(mesenteric.box(), mesenteric, blood));
        Chain mesentericVein = new Chain(0, 14, 8, top - 104, 5, 14, 20, top - 125, 5, 16, 24, top - 205, 3);
        scene.add(Part.plain(
                mesentericVein.box(),
                mesentericVein,
                Tissue.even(scene.enhancement().portal(), 3)));
        Chain coeliac = new Chain(0, -5, -4, top - 86, 3.4, -4, 12, top - 84, 3.2, 12, 16, top - 82, 2.4);
        scene.add(Part.plain(coeliac.box(), coeliac, blood));
        Chain aorta = new Chain(
                6, -6, -11, fork, 0.86 * r, -7 + sway, -7, 0, 0.93 * r, -6 - sway, -10, 60, r, -9, -22, 120, 1.08 * r,
                -18, -36, 190, 1.12 * r, -22, -42, 360, 1.15 * r);
        scene.add(Part.labelled(Structure.AORTA, aorta.box(), aorta, calcified(artery, c)));
    }

    /** Blood in a wall that is calcified here and there in some patients. */
    private static Tissue calcified(double blood, Chance c) {
        int seed = (int) c.bits();
        double threshold = c.happens(0.4) ? c.between(0.45, 0.75) : 2;
        return (s, depth) -> {
            double hu = blood + 3 * s.grain;
            if (depth < 2.2 && Grain.at(s.x / 7, s.y / 7, s.z / 9, seed) > threshold) {
                return 620;
            }
            return hu;
        };
    }
}
