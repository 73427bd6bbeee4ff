package org.segvol.phantom;

/** The bladder and what lies behind it. */
final class Pelvis {
    private Pelvis() {}

    static void add(Scene scene) {
        Chance c = scene.chance("bladder");
        double full = c.about(1, 0.22);
        double rx = 40 * full * c.about(1, 0.1), ry = 31 * full, rz = 30 * full;
        double x = c.about(0, 4), y = c.about(26, 4), z = -203 + rz;
        Ellipsoid uterus = new Ellipsoid(c.about(0, 6), y - ry - 10, -182 + c.about(0, 6), 26, 17, 24);
        if (c.happens(0.5)) {
            scene.add(Part.plain(
                    uterus.box(), uterus, Tissue.even(scene.enhancement().wall() + 10, 10)));
        } else {
            Ellipsoid prostate = new Ellipsoid(x, y - 14, -212, 23, 18, 17);
            scene.add(Part.plain(
                    prostate.box(), prostate, Tissue.even(scene.enhancement().wall(), 8)));
        }
        Ellipsoid outer = new Ellipsoid(x, y, z, rx, ry, rz, 0, 0, c.about(0, 0.25));
        double urine = scene.enhancement().urine();
        double layer = y - ry * c.between(0.2, 0.9); // contrast sinks to the back
        double wall = c.between(2, 4), muscle = scene.enhancement().wall() * 0.85;
        Tissue tissue = (s, depth) -> {
            double mixed = 6 + s.cover(s.y - layer) * Math.max(urine - 12, 0) + 2 * s.grain;
            return muscle + s.cover(wall - depth) * (mixed - muscle);
        };
        scene.add(Part.labelled(Structure.BLADDER, outer.box(), outer, tissue));
    }
}
