package org.segvol.image;

/**
 * NIfTI's statement of what a volume's coordinates mean: the codes of its two transforms (0 unknown, 1 scanner, 2 aligned, 3 Talairach,
 * 4 MNI, 5 template) and the quaternion transform's own affine when it was given.
 *
 * @param sformCode code of the affine transform; above 0 it is the one that counts
 * @param qformCode code of the quaternion transform
 * @param qform the affine that the quaternion stands for, in mm, or null when the file has none
 * @param unit in which the file states lengths
 */
public record Forms(int sformCode, int qformCode, Affine qform, LengthUnit unit) {
    /** No statement: for volumes made in memory, whose affine is then written as a scanner transform. */
    public static final Forms NONE = new Forms(0, 0, null);

    /** Forms of a file in millimetres. */
    public Forms(int sformCode, int qformCode, Affine qform) {
        this(sformCode, qformCode, qform, LengthUnit.MILLIMETRE);
    }
}
