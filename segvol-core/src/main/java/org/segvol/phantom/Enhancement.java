package org.segvol.phantom;

/** Hounsfield units of everything that contrast agent changes; the phase (none, arterial, portal venous, late) is drawn. */
final class Enhancement {
    private enum Phase {
        NONE,
        ARTERIAL,
        VENOUS,
        LATE
    }

    private final Phase phase;
    private final Chance c;
    private final double liver;
    private final double spleen;
    private final double cortex;
    private final double medulla;
    private final double urine;
    private final double artery;
    private final double cava;
    private final double portal;
    private final double pancreas;
    private final double wall;
    private final double muscle;
    private final boolean brightLesions;

    Enhancement(Chance c) {
        this.c = c;
        double u = c.unit();
        phase = u < 0.15 ? Phase.NONE : u < 0.32 ? Phase.ARTERIAL : u < 0.88 ? Phase.VENOUS : Phase.LATE;
        double fatty = c.happens(0.2) ? c.between(10, 25) : 0;
        liver = pick(58, 72, 106, 92, 8) - fatty;
        spleen = pick(48, 112, 116, 98, 8);
        cortex = pick(33, 165, 178, 160, 12);
        medulla = pick(32, 70, 150, 158, 8);
        urine = pick(4, 6, 12, 260, 8);
        artery = pick(42, 300, 152, 120, 12);
        cava = pick(40, 75, 128, 115, 8);
        portal = pick(41, 95, 162, 122, 8);
        pancreas = pick(38, 98, 92, 76, 8);
        wall = pick(38, 75, 88, 74, 8);
        muscle = pick(50, 56, 60, 60, 5);
        brightLesions = phase == Phase.ARTERIAL && c.happens(0.45);
    }

    private double pick(double none, double arterial, double venous, double late, double percent) {
        double value =
                switch (phase) {
                    case NONE -> none;
                    case ARTERIAL -> arterial;
                    case VENOUS -> venous;
                    case LATE -> late;
                };
        return c.about(value, Math.max(value * percent / 100, 3));
    }

    /** A lesion's HU: darker than the liver, or in some patients brighter in the arterial phase. */
    double lesion(Chance draws) {
        if (brightLesions) {
            return liver + draws.between(25, 55);
        }
        return liver - (phase == Phase.NONE ? draws.between(14, 32) : draws.between(22, 62));
    }

    double liver() {
        return liver;
    }

    double spleen() {
        return spleen;
    }

    double cortex() {
        return cortex;
    }

    double medulla() {
        return medulla;
    }

    double urine() {
        return urine;
    }

    double artery() {
        return artery;
    }

    double cava() {
        return cava;
    }

    double portal() {
        return portal;
    }

    double pancreas() {
        return pancreas;
    }

    double wall() {
        return wall;
    }

    double muscle() {
        return muscle;
    }
}
