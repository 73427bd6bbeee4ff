package org.segvol.phantom;

/** Both kidneys in their fat, with renal sinus, pelvis and vessels, and at times a cyst. */
final class Kidneys {
    private Kidneys() {}

    static void add(Scene scene) {
        kidney(scene, scene.chance("left kidney"), Structure.LEFT_KIDNEY, -1, 26);
        kidney(scene, scene.chance("right kidney"), Structure.RIGHT_KIDNEY, 1, 10);
    }

    private static void kidney(Scene scene, Chance c, Structure structure, int side, double height) {
        double f = c.about(1, 0.12);
        double x = side * c.about(63, 5), y = c.about(-36, 5), z = c.about(height, 13);
        double rx = 29 * f, ry = 26 * f, rz = 55 * f * c.about(1, 0.07);
        double aboutY = side * 0.2, aboutX = 0.16, aboutZ = side * -0.55;
        Ellipsoid whole = new Ellipsoid(x, y, z, rx, ry, rz, aboutZ, aboutY, aboutX);
        double inward = -side * 0.62 * rx;
        Ellipsoid sinus = new Ellipsoid(x + inward, y + 6, z, 15 * f, 9 * f, 24 * f, aboutZ, aboutY, aboutX);
        Ellipsoid pelvis = new Ellipsoid(x + inward, y + 5, z - 4, 11 * f, 5 * f, 13 * f, aboutZ, aboutY, aboutX);
        double fat = c.between(4, 12);
        int seed = (int) c.bits();
        Shape lobed = s -> whole.distance(s) + 1.2 * Grain.at(s.x / 16, s.y / 16, s.z / 16, seed);
        Tissue around = (s, depth) -> -102 + 7 * s.grain;
        scene.add(Part.plain(whole.box().grown(fat + 2), s -> Math.max(whole.distance(s) - fat, s.cavity + 1), around));
        scene.add(Part.labelled(
                structure,
                whole.box().grown(2),
                s -> Shape.smoothMax(lobed.distance(s), -sinus.distance(s), 5),
                parenchyma(scene, sinus, seed)));
        double urine = scene.enhancement().urine();
        scene.add(Part.plain(pelvis.box(), pelvis, Tissue.even(urine, 3)));
        Chain vein = new Chain(
                0, x + inward, y + 8, z + 3, 4.5, side * 28, -12, z + 12, 4.5, side < 0 ? 18 : 22, -8, z + 14, 4.5);
        scene.add(Part.plain(vein.box(), vein, Tissue.even(scene.enhancement().cava() * 1.05, 3)));
        Chain artery = new Chain(0, x + inward, y + 2, z + 8, 2.4, side * 26, -22, z + 15, 2.8, -4, -14, z + 17, 3);
        scene.add(
                Part.plain(artery.box(), artery, Tissue.even(scene.enhancement().artery(), 3)));
        Chain ureter = new Chain(0, x + inward, y + 2, z - 8, 2.4, side * 38, -18, -60, 2, side * 30, -22, -150, 2);
        scene.add(Part.plain(ureter.box(), ureter, Tissue.even(urine, 3)));
        if (c.happens(0.3)) {
            cyst(scene, c, structure, x + side * 0.6 * rx, y + c.about(0, ry), z + c.about(0, 35));
        }
    }

    /** Bright cortex at the surface and between the pyramids. */
    private static Tissue parenchyma(Scene scene, Shape sinus, int seed) {
        double cortex = scene.enhancement().cortex(),
                medulla = scene.enhancement().medulla();
        return (s, depth) -> {
            double column = Grain.at(s.x / 9, s.y / 9, s.z / 9, seed + 7);
            double inner = Math.min(Math.max((depth - 6 - 5 * column) / 2, 0), 1);
            double deep = Math.min(Math.max(sinus.distance(s) / 3, 0), 1);
            return cortex + inner * (0.4 + 0.6 * deep) * (medulla - cortex) + 5 * s.grain;
        };
    }

    private static void cyst(Scene scene, Chance c, Structure structure, double x, double y, double z) {
        double r = c.between(5, 14);
        Ellipsoid cyst = new Ellipsoid(x, y, z, r, r, r);
        double hu = c.between(0, 14);
        scene.add(new Part(cyst.box(), cyst, Tissue.even(hu, 2), Part.KEEP, 1 << structure.label()));
    }
}
