package org.segvol.phantom;

import java.util.ArrayList;
import java.util.List;

/** Lesions in the liver, one to three, where nothing else reaches into it. */
final class Lesions {
    private static final int TRIES = 600;
    private static final double SMALLEST = 4;

    private final Scene scene;
    private final Chance c;
    private final Part liver;
    private final List<Shape> others;

    private Lesions(Scene scene, Chance c) {
        this.scene = scene;
        this.c = c;
        List<Part> parts = scene.parts();
        int n = 0;
        while (parts.get(n).label() != Structure.LIVER.label()) {
            n++;
        }
        liver = parts.get(n);
        others = new ArrayList<>();
        for (Part part : parts.subList(n + 1, parts.size())) {
            if (part.label() != Part.KEEP) {
                others.add(part.shape());
            }
        }
    }

    /** To be called when everything that is painted over the liver is there. */
    static void add(Scene scene, Chance c) {
        Lesions lesions = new Lesions(scene, c);
        int wanted = 1 + c.below(3);
        for (int n = 0; n < wanted; n++) {
            lesions.place(n == 0 ? c.between(10, 24) : c.between(5, 15));
        }
    }

    /** Tries places, smaller ones by and by. */
    private void place(double wanted) {
        Sample s = new Sample();
        Box box = liver.box();
        double r = wanted;
        for (int tried = 0; tried < TRIES; tried++) {
            s.x = c.between(box.x0(), box.x1());
            s.y = c.between(box.y0(), box.y1());
            s.z = c.between(box.z0(), box.z1());
            scene.torso().measure(s);
            if (liver.shape().distance(s) < -0.8 * r && free(s, r)) {
                lesion(s, r);
                return;
            }
            r = Math.max(0.995 * r, SMALLEST);
        }
    }

    private boolean free(Sample s, double r) {
        for (Shape other : others) {
            if (other.distance(s) < 0.8 * r) {
                return false;
            }
        }
        return true;
    }

    private void lesion(Sample at, double r) {
        Ellipsoid round = new Ellipsoid(
                at.x,
                at.y,
                at.z,
                r * c.about(1, 0.2),
                r * c.about(1, 0.2),
                r * c.about(1, 0.2),
                c.between(0, 3),
                0,
                c.about(0, 0.8));
        int seed = (int) c.bits();
        double rough = c.between(0.02, 0.12) * r;
        Shape uneven = s -> round.distance(s) + rough * Grain.at(s.x / 9, s.y / 9, s.z / 9, seed);
        double hu = scene.enhancement().lesion(c),
                contrast = scene.enhancement().liver() - hu;
        double necrosis = c.happens(0.3) && contrast > 0 ? 20 : 0, rim = c.happens(0.3) ? 0.5 * contrast : 0;
        Tissue tissue = (s, depth) -> {
            double core = Math.min(Math.max(depth / r, 0), 1);
            return hu + rim * Math.max(1 - Math.abs(depth) / 2.5, 0) - necrosis * core + 6 * s.grain;
        };
        int over = 1 << Structure.LIVER.label() | 1 << Structure.LIVER_TUMOR.label();
        scene.add(new Part(round.box().grown(rough + 1), uneven, tissue, Structure.LIVER_TUMOR.label(), over));
    }
}
