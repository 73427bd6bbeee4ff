package org.segvol.image;

/**
 * A position in the scanner's space, in millimetres, RAS+: growing to the patient's right, front and head.
 *
 * @param right mm to the right
 * @param anterior mm to the front
 * @param superior mm to the head
 */
public record WorldPoint(double right, double anterior, double superior) {
    @Override
    public String toString() {
        return right + "," + anterior + "," + superior;
    }
}
