package org.segvol.phantom;

/**
 * The body as nested tubes around a vertical axis (cavity, wall of muscle, fat, skin) and the diaphragm's dome. Heights: 0 lies between the second and the
 * third lumbar vertebra, the pelvis ends near -235, the dome's top lies near 130.
 */
final class Torso {
    private static final double SKIN = 1.8;
    /** How rounded the outline is: 1 an ellipse, less more like a rectangle. */
    private static final double ROUND_FRONT = 0.8;

    private static final double ROUND_BACK = 0.45;
    /** Within this many mm of the wall the diaphragm falls towards it. */
    private static final double SLOPE = 46;
    /** The same for the gentle part of the dome. */
    private static final double ARCH = 105;

    private final Profile halfWidth;
    private final Profile halfDepth;
    private final Profile sideWall;
    private final Profile backWall;
    private final Profile frontWall;
    private final Profile fat;
    private final double frontFat;
    private final double backFat;
    private final double rightDome;
    private final double leftDome;
    private final int seed;
    private final double fatHu;
    private final double muscleHu;

    Torso(Chance c, double muscleHu) {
        double w = c.about(1, 0.07), d = c.about(1, 0.08);
        double muscle = c.about(1, 0.25);
        double f = 7 + 24 * c.unit() * c.unit() + 5 * c.unit();
        halfWidth = new Profile(
                -320, 62 * w, -260, 64 * w, -200, 78 * w, -150, 104 * w, -100, 121 * w, -50, 119 * w, 0, 119 * w, 50,
                125 * w, 100, 130 * w, 150, 128 * w, 200, 118 * w, 260, 98 * w, 330, 70 * w);
        double belly = c.about(1, 0.06) + f / 400;
        halfDepth = new Profile(
                -320,
                60 * d,
                -260,
                64 * d,
                -200,
                70 * d,
                -150,
                76 * d,
                -100,
                80 * d * belly,
                -50,
                81 * d * belly,
                0,
                82 * d * belly,
                50,
                87 * d * belly,
                100,
                92 * d,
                150,
                94 * d,
                200,
                91 * d,
                260,
                80 * d,
                330,
                64 * d);
        sideWall = new Profile(
                -320,
                82,
                -260,
                84,
                -200,
                70,
                -150,
                42,
                -100,
                17 * muscle,
                -50,
                15 * muscle,
                0,
                14 * muscle,
                50,
                13,
                100,
                15,
                150,
                18,
                200,
                24,
                260,
                40,
                330,
                55);
        backWall = new Profile(
                -320, 60, -260, 58, -200, 54, -150, 42, -100, 32, -50, 27, 0, 27, 50, 25, 100, 22, 150, 22, 200, 24,
                330, 34);
        frontWall =
                new Profile(-320, 30, -200, 13, -100, 10 * muscle, 0, 9 * muscle, 100, 10, 150, 13, 200, 17, 330, 24);
        fat = new Profile(
                -320, 1.2 * f, -200, 1.3 * f, -100, 1.15 * f, 0, f, 100, 0.75 * f, 200, 0.6 * f, 330, 0.6 * f);
        frontFat = c.between(0.6, 1.3);
        backFat = c.between(0.7, 1.2);
        rightDome = c.about(130, 10);
        leftDome = rightDome - c.between(6, 18);
        seed = (int) c.bits();
        fatHu = c.about(-104, 8);
        this.muscleHu = muscleHu;
    }

    /** Fills in where a place is. */
    void measure(Sample s) {
        double r2 = s.x * s.x + s.y * s.y + 1e-6;
        double r = Math.sqrt(r2);
        double ny = s.y / r, side = 1 - ny * ny;
        double a = halfWidth.at(s.z), b = halfDepth.at(s.z);
        double u = s.x / a, v = s.y / b;
        u *= u;
        v *= v;
        double rho2 = Math.sqrt(u * u + v * v + 2 * (s.y > 0 ? ROUND_FRONT : ROUND_BACK) * u * v);
        double edge = r / Math.sqrt(rho2);
        double wall = side * sideWall.at(s.z) + ny * ny * (ny > 0 ? frontWall : backWall).at(s.z);
        double layer = fat.at(s.z) * (side + ny * ny * (ny > 0 ? frontFat : backFat));
        s.front = ny;
        s.wall = wall;
        s.cavity = r - edge;
        s.muscle = s.cavity - wall;
        s.skin = s.muscle - layer - SKIN;
        s.dome = s.z - diaphragm(s.x, -s.cavity, ny);
    }

    private double diaphragm(double x, double inside, double ny) {
        double t = Math.min(Math.max((x + 45) / 90, 0), 1);
        t = t * t * (3 - 2 * t);
        double top = leftDome + t * (rightDome - leftDome) - 10 * (1 - Math.abs(2 * t - 1));
        double fall = ny < 0 ? 88 + 20 * ny * ny : 88 - 48 * ny * ny;
        double m = Math.min(Math.max(1 - inside / SLOPE, 0), 1.2);
        double n = Math.min(Math.max(1 - inside / ARCH, 0), 1.2);
        return top + 6 - fall * (0.72 * m * m + 0.36 * n * n);
    }

    /** What is there before any organ. */
    double hu(Sample s) {
        double hu = 15;
        double streak = fatHu + 9 * s.grain + 4 * s.drift;
        hu += s.cover(s.skin + SKIN) * (streak - hu);
        hu += s.cover(s.muscle) * (muscle(s, streak) - hu);
        double strands = Math.max(s.grain - 0.55, 0) * 90;
        hu += s.cover(s.cavity) * (fatHu + 4 + 8 * s.grain + strands - hu);
        return hu;
    }

    /** Muscle with layers of fat: between the flat muscles at the sides, between the gluteal muscles, and in the midline. */
    private double muscle(Sample s, double fatty) {
        double hu = muscleHu + 7 * s.grain + 3 * s.drift;
        double depth = -s.muscle;
        double seam = 20;
        if (s.wall > 30 && s.front < 0.3) {
            double wave = 9 * Grain.at(s.x / 30, s.y / 30, s.z / 50, seed) + 0.12 * s.y;
            seam = Math.min(Math.abs(depth - 0.4 * s.wall - wave), Math.abs(depth - 0.7 * s.wall + wave))
                    - 1.2
                    + 6 * Math.max(s.front + 0.1, 0);
        } else if (s.front > -0.6 && s.front < 0.75 && s.z < 60) {
            seam = Math.min(Math.abs(depth - 0.36 * s.wall), Math.abs(depth - 0.68 * s.wall)) - 0.35;
        } else if (s.front > 0.9 && s.z < 110) {
            seam = Math.abs(s.x) - 2.2;
        }
        return hu + s.cover(seam) * (fatty - hu);
    }

    /** Half the body's largest width, mm. */
    double largestHalfWidth() {
        return halfWidth.largest() + 17 + fat.largest() + SKIN;
    }

    /** Half the cavity's depth at a height, mm. */
    double halfDepth(double z) {
        return halfDepth.at(z);
    }

    /** Half the cavity's width at a height, mm. */
    double halfWidth(double z) {
        return halfWidth.at(z);
    }

    /** How far behind the axis the back lies, mm. */
    double back() {
        double most = 0;
        for (int z = -150; z <= 150; z += 10) {
            most = Math.max(most, halfDepth.at(z) + backWall.at(z) + fat.at(z) * backFat + SKIN);
        }
        return most;
    }

    /** Height of the right dome, mm. */
    double top() {
        return rightDome;
    }
}
