package org.segvol.phantom;

/** A region of the patient. */
@FunctionalInterface
interface Shape {
    /** About how far a place lies outside the surface, mm; negative inside; exact in sign. */
    double distance(Sample s);

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
