package org.segvol.image;

/** The unit in which a file states lengths. In memory all lengths are millimetres. */
public enum LengthUnit {
    /** What a file without a statement means, too. */
    MILLIMETRE(1),
    /** A thousand millimetres. */
    METRE(1000),
    /** A thousandth of a millimetre. */
    MICROMETRE(1 / 1000.0);

    private final double millimetres;

    LengthUnit(double millimetres) {
        this.millimetres = millimetres;
    }

    /** An affine of numbers in this unit, in millimetres. */
    public Affine toMillimetres(Affine affine) {
        return affine.scaled(millimetres);
    }

    /** An affine in millimetres, in this unit. */
    public Affine ofMillimetres(Affine affine) {
        return affine.scaled(1 / millimetres);
    }
}
