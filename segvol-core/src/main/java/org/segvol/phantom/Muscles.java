package org.segvol.phantom;

/** Muscles along the spine and in the pelvis. */
final class Muscles {
    private Muscles() {}

    static void add(Scene scene) {
        Chance c = scene.chance("muscles");
        double f = c.about(1, 0.15);
        Tissue flesh = Tissue.even(scene.enhancement().muscle(), 7);
        Profile erectorWidth = new Profile(-220, 14, -150, 26 * f, -60, 33 * f, 40, 34 * f, 110, 28 * f, 250, 24 * f);
        Profile erectorDepth = new Profile(-220, 8, -150, 14 * f, -60, 22 * f, 40, 21 * f, 110, 16 * f, 250, 14 * f);
        Profile erectorPlace = new Profile(-220, -100, -120, -95, -40, -86, 40, -88, 130, -99, 250, -104);
        Shape erector = s -> {
            double w = erectorWidth.at(s.z), d = erectorDepth.at(s.z);
            double u = (Math.abs(s.x) - w - 1.5) / w, v = (s.y - erectorPlace.at(s.z)) / d;
            return Math.max((Math.sqrt(u * u + v * v) - 1) * d, -220 - s.z);
        };
        Box back = new Box(-90, -145, -225, 90, -50, 360);
        scene.add(Part.plain(back, s -> Math.abs(erector.distance(s) - 0.8) - 0.7, (s, depth) -> -100 + 8 * s.grain));
        scene.add(Part.plain(back, erector, Tissue.even(scene.enhancement().muscle(), 11)));
        for (int side = -1; side <= 1; side += 2) {
            Chain psoas = new Chain(
                    8,
                    side * 22,
                    -42,
                    62,
                    6,
                    side * 30,
                    -42,
                    20,
                    13 * f,
                    side * 38,
                    -36,
                    -40,
                    20 * f,
                    side * 48,
                    -24,
                    -100,
                    23 * f,
                    side * 66,
                    12,
                    -160,
                    17 * f,
                    side * 84,
                    14,
                    -205,
                    15,
                    side * 100,
                    -8,
                    -262,
                    13);
            scene.add(Part.plain(psoas.box(), psoas, flesh));
            Chain quadratus =
                    new Chain(4, side * 52, -66, 40, 8, side * 66, -66, 0, 12 * f, side * 78, -62, -55, 13 * f);
            scene.add(Part.plain(quadratus.box(), quadratus, flesh));
            Chain crus = new Chain(2, side * 17, -24, 10, 3.5, side * 19, -20, 55, 5, side * 17, -14, 95, 4);
            scene.add(Part.plain(crus.box(), crus, flesh));
            Chain obturator = new Chain(4, side * 62, -20, -180, 9, side * 58, -8, -215, 11, side * 52, 0, -240, 11);
            scene.add(Part.plain(obturator.box(), obturator, flesh));
            Chain piriformis =
                    new Chain(4, side * 30, -74, -165, 9, side * 70, -68, -185, 10, side * 110, -45, -200, 8);
            scene.add(Part.plain(piriformis.box(), piriformis, flesh));
        }
    }
}
