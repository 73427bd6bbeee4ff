package org.segvol.phantom;

/** What fills a shape. */
@FunctionalInterface
interface Tissue {
    /** Hounsfield units at a place that lies {@code depth} mm below the shape's surface (a little less than 0 at its soft edge). */
    double hu(Sample s, double depth);

    /** The same all over but for some unevenness. */
    static Tissue even(double mean, double texture) {
        return (s, depth) -> mean + texture * (s.grain + s.drift);
    }

    /** Bone: a dense shell of a thickness in mm around marrow. */
    static Tissue bone(double shell, double thickness, double marrow) {
        return (s, depth) -> {
            double inner = marrow * (1 + 0.35 * s.grain);
            double t = Math.min(Math.max((depth - thickness) / thickness, 0), 1);
            return shell + t * (inner - shell);
        };
    }

    /** A wall around contents; gas, where there is any, collects anterior of {@code level}. */
    static Tissue hollow(double wall, double thickness, double content, double mottle, double level) {
        return (s, depth) -> {
            double wavy = s.cover(thickness - depth);
            double inside = content + mottle * s.grain;
            inside += s.cover(level - s.y) * (-960 - inside);
            return wall + wavy * (inside - wall);
        };
    }
}
