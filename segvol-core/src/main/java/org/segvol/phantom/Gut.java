package org.segvol.phantom;

/** Small bowel, colon and the vessels and strands in the fat between them; nothing here is labelled. */
final class Gut {
    private Gut() {}

    static void add(Scene scene) {
        mesentery(scene, scene.chance("mesentery"));
        smallBowel(scene, scene.chance("small bowel"));
        colon(scene, scene.chance("colon"));
    }

    private static void mesentery(Scene scene, Chance c) {
        Tissue blood = Tissue.even(scene.enhancement().cava() * 0.9, 6);
        for (int n = 0; n < 34; n++) {
            double x = c.about(5, 15), y = c.between(5, 25), z = c.between(-70, 50);
            double tx = c.between(-95, 95), ty = c.between(5, 60), tz = z - c.between(-20, 90);
            Chain vessel = new Chain(
                    0,
                    x,
                    y,
                    z,
                    2.8,
                    (x + tx) / 2,
                    (y + ty) / 2 + c.about(6, 8),
                    (z + tz) / 2 + c.about(0, 15),
                    2,
                    tx,
                    ty,
                    tz,
                    1.1);
            scene.add(Part.plain(vessel.box(), vessel, blood));
        }
    }

    private static void smallBowel(Scene scene, Chance c) {
        double oral = c.happens(0.3) ? c.between(120, 260) : c.between(8, 35); // contrast was drunk, or not
        int loops = 16 + c.below(8);
        for (int n = 0; n < loops; n++) {
            int points = 4 + c.below(3);
            double[] p = new double[4 * points];
            double x = c.between(-75, 75), y = c.between(-5, 62), z = c.between(-185, 0);
            double radius = c.between(9, 14.5), heading = c.between(0, 6.283);
            for (int m = 0; m < points; m++) {
                p[4 * m] = x;
                p[4 * m + 1] = y;
                p[4 * m + 2] = z;
                p[4 * m + 3] = radius * c.about(1, 0.2);
                heading += c.about(0, 1.9);
                double step = c.between(22, 36);
                x = inside(x + step * StrictMath.cos(heading), 88);
                z += step * StrictMath.sin(heading) * 0.8;
                y = Math.min(Math.max(y + c.about(0, 18), -15), 66);
            }
            boolean gas = c.happens(0.3);
            double wall = scene.enhancement().wall() + c.about(0, 8);
            loop(
                    scene,
                    new Chain(4, p),
                    Tissue.hollow(wall, c.between(1.8, 3), oral * c.about(1, 0.3), 14, gas ? c.between(40, 60) : 1e4));
        }
    }

    private static double inside(double x, double most) {
        return Math.min(Math.max(x, -most), most);
    }

    private static void loop(Scene scene, Chain chain, Tissue tissue) {
        Shape kept = chain.and(s -> s.cavity + 4);
        scene.add(Part.plain(chain.box(), kept, tissue));
    }

    private static void colon(Scene scene, Chance c) {
        double wide = scene.torso().halfWidth(-30) - 26, deep = scene.torso().halfDepth(-30) - 28;
        double r = c.between(17, 22);
        double wall = scene.enhancement().wall() - 10;
        double flexure = c.between(20, 45), hang = c.between(-45, 0);
        double[] right = {
            wide - 6, 2, -115, r + 5, wide, -8, -70, r + 4, wide + 2, -14, -30, r, wide - 14, 8, flexure - 45, r
        };
        double[] across = {
            wide - 14,
            10,
            flexure - 42,
            r,
            wide - 45,
            deep - 8,
            hang + 10,
            r,
            0,
            deep,
            hang - 8,
            r - 1,
            -wide + 40,
            deep - 6,
            hang + 22,
            r - 2,
            -wide + 8,
            12,
            62,
            r - 3
        };
        double[] left = {
            -wide + 4, -8, 55, r - 4, -wide - 2, -18, 0, r - 5, -wide - 1, -12, -60, r - 5, -wide + 8, 2, -105, r - 5
        };
        double[] sigmoid = {
            -wide + 10,
            0,
            -108,
            r - 5,
            -62,
            12,
            -128,
            r - 4,
            -22,
            -6,
            -142,
            r - 4,
            12,
            -30,
            -150,
            r - 4,
            4,
            -52,
            -172,
            r - 2,
            0,
            -58,
            -205,
            r
        };
        for (double[] p : new double[][] {right, left, sigmoid, across}) {
            for (int n = 0; n < p.length; n += 4) {
                p[n] += c.about(0, 5);
                p[n + 1] += c.about(0, 5);
                p[n + 2] += c.about(0, 6);
                p[n + 3] *= c.about(1, 0.1);
            }
            double gas = p == across ? c.between(deep - 12, deep + 10) : c.between(-8, 45);
            loop(scene, new Chain(5, p), stool(wall, gas, c));
        }
    }

    /** Mottled by bubbles, gas on top. */
    private static Tissue stool(double wall, double level, Chance c) {
        int seed = (int) c.bits();
        double content = c.between(15, 60), thickness = c.between(2, 3);
        return (s, depth) -> {
            double bubbles = Grain.at(s.x / 3.2, s.y / 3.2, s.z / 3.2, seed);
            double filling = content + 25 * s.grain - (bubbles > 0.25 ? 420 * (bubbles - 0.25) : 0);
            filling += s.cover(level - s.y) * (-960 - filling);
            return wall + s.cover(thickness - depth) * (filling - wall);
        };
    }
}
