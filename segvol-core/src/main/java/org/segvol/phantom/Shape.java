package org.segvol.phantom;

/** A region of the patient. */
@FunctionalInterface
interface Shape {
    /** About how far a place lies outside the surface, mm; negative inside; exact in sign. */
    double distance(Sample s);

    /** How much the distance can change for each mm of way. */
    default double steepness() {
        return 3;
    }

    /** The part of this shape where something else is negative too, with a sharp edge. */
    default Shape and(Shape other) {
        Shape first = this;
        return new Shape() {
            @Override
            public double distance(Sample s) {
                return Math.max(first.distance(s), other.distance(s));
            }

            @Override
            public double steepness() {
                return first.steepness(); // where this shape is far away, so is the part
            }
        };
    }

    /** The larger of two distances with a rounded edge of radius about {@code k}: an intersection. */
    static double smoothMax(double a, double b, double k) {
        double h = Math.min(Math.max(0.5 + 0.5 * (a - b) / k, 0), 1);
        return b + h * (a - b) + k * h * (1 - h);
    }

    /** The smaller of two distances with a filled notch: a union. */
    static double smoothMin(double a, double b, double k) {
        return -smoothMax(-a, -b, k);
    }
}
