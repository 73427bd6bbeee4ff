package org.segvol.phantom;

/** Vertebrae with arches and processes, discs, and the sacrum. */
final class Spine {
    private static final int LOW = -240, HIGH = 380;
    private static final double SACRUM = -112;

    /** For every mm of height: how high in its vertebra, -1 to 1 from end plate to end plate, beyond that disc. */
    private final float[] level = new float[HIGH - LOW + 1];

    private final Profile centreY;
    private final Profile centreX;
    private final Profile halfWidth;
    private final Profile halfDepth;
    private final double dense;

    private Spine(Chance c, double dense) {
        this.dense = dense;
        double f = c.about(1, 0.08), bend = c.about(0, 6), lordosis = c.about(0, 5);
        centreY = new Profile(
                -240,
                -62,
                -215,
                -80,
                -185,
                -92,
                -150,
                -80,
                SACRUM,
                -52,
                -60,
                -42 + lordosis,
                0,
                -42 + lordosis,
                60,
                -48,
                120,
                -58,
                200,
                -66,
                380,
                -66);
        centreX = new Profile(-240, 0, -110, 0, -20, bend, 80, bend * 0.3, 200, -bend, 380, 0);
        halfWidth = new Profile(
                -238, 7, -215, 15, -185, 30, -150, 46, -124, 50, SACRUM, 28, -90, 26 * f, 0, 24.5 * f, 60, 22 * f, 130,
                19 * f, 380, 15 * f);
        halfDepth = new Profile(
                -238, 4, -215, 7, -185, 10, -150, 15, -124, 19, SACRUM, 18, -90, 18 * f, 0, 17.5 * f, 60, 16.5 * f, 130,
                15.5 * f, 380, 13 * f);
        double z = SACRUM, height = 36 * c.about(1, 0.04);
        while (z < HIGH) {
            double disc = z < 45 ? 9 : 6;
            for (int mm = (int) Math.ceil(z); mm < z + height && mm <= HIGH; mm++) {
                double body = (mm - z - disc / 2) / (height - disc);
                level[mm - LOW] = (float) (2 * body - 1);
            }
            z += height;
            height = Math.max(height - 1.3, 23);
        }
    }

    static void add(Scene scene, Chance c, double dense) {
        Spine spine = new Spine(c, dense);
        Box box = new Box(-64, -150, LOW, 64, 10, HIGH);
        scene.add(Part.plain(
                Box.around(0, -75, 80, 30, 60, 300),
                spine::canal,
                (s, depth) -> 22 + 12 * s.grain - 60 * s.cover(depth - 2)));
        scene.add(Part.labelled(Structure.SPINE, box, spine::bone, spine::tissue));
    }

    private double level(double z) {
        double t = Math.min(Math.max(z - LOW, 0), HIGH - LOW - 1.001);
        int n = (int) t;
        double a = level[n], b = level[n + 1];
        return b < a ? (t - n < 0.5 ? a : b) : a + (t - n) * (b - a);
    }

    private double canal(Sample s) {
        double x = s.x - centreX.at(s.z), back = s.y - centreY.at(s.z) + halfDepth.at(s.z) + 8;
        double u = x / 12, v = back / 8.5;
        return Math.max((Math.sqrt(u * u + v * v) - 1) * 9, -160 - s.z);
    }

    private double bone(Sample s) {
        double x = s.x - centreX.at(s.z), y = s.y - centreY.at(s.z), a = halfWidth.at(s.z), b = halfDepth.at(s.z);
        double body = body(s, x, y, a, b);
        if (s.z < SACRUM) {
            return Math.max(body, LOW + 4 - s.z);
        }
        double level = level(s.z);
        double back = y + b + 8; // from the canal's middle
        double u = x / 12, v = back / 8.5;
        double canal = (Math.sqrt(u * u + v * v) - 1) * 9.5;
        double ring = Math.abs(canal - 3) - 3;
        double gap = Math.abs(x) > 7 && back > -6 ? (-level - 0.15) * 14 : (Math.abs(level) - 1.02) * 14;
        double arch = Math.max(Math.max(ring, gap), back - 9);
        double process = Math.max(
                Math.abs(x) - 3.2, Math.max(-back - 32, Math.max(back + 8, (Math.abs(level + 0.35) - 0.62) * 15)));
        double wing = Math.abs(level - 0.35) * 14;
        double dy = back + 2 + 0.12 * Math.abs(x);
        double transverse =
                Math.max(Math.sqrt(wing * wing + dy * dy) - 4.6, Math.max(Math.abs(x) - 1.55 * a, 9 - Math.abs(x)));
        double rear = Shape.smoothMin(Shape.smoothMin(arch, process, 2), transverse, 2);
        return Math.min(body, Math.max(rear, -canal));
    }

    private double body(Sample s, double x, double y, double a, double b) {
        double level = s.z < SACRUM ? 0 : Math.min(Math.abs(level(s.z)), 1);
        double waist = s.z < SACRUM ? 1 : 0.9 + 0.1 * level * level;
        double u = x / (a * waist), v = y / (b * waist);
        double round = (Math.sqrt(u * u + v * v) - 1) * b;
        return Shape.smoothMax(round, -y - 0.86 * b, 4); // flat at the back
    }

    /** Marrow in a dense shell; discs between dense end plates; the sacrum is looser. */
    private double tissue(Sample s, double depth) {
        double shell = s.z < SACRUM ? 420 * dense : 520 * dense;
        double marrow = (s.z < SACRUM ? 120 : 155) * dense * (1 + 0.3 * s.grain);
        double inner = Math.min(Math.max((depth - 0.9) / 1.4, 0), 1);
        double bone = shell + inner * (marrow - shell);
        if (s.z < SACRUM) {
            return bone;
        }
        double b = halfDepth.at(s.z), y = s.y - centreY.at(s.z);
        if (y < -b - 0.5) {
            return bone;
        }
        double level = Math.abs(level(s.z));
        double plate = Math.min(Math.max((level - 0.86) / 0.08, 0), 1) * 160 * dense;
        double disc = Math.min(Math.max((level - 1) / 0.1, 0), 1);
        return bone + plate + disc * (85 + 8 * s.grain - bone - plate);
    }
}
