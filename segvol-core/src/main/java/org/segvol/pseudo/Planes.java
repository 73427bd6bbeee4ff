package org.segvol.pseudo;

/** Gives a volume plane by plane, so that it need not be in memory as a whole. May be asked by several threads at once. */
@FunctionalInterface
public interface Planes {
    /**
     * Fills in one plane; asked for more than once where averages overlap.
     *
     * @param d which plane along the first axis
     * @param target h * w values, the third axis fastest
     */
    void plane(int d, float[] target);

    /** The planes of an array with the third axis fastest. */
    static Planes of(float[] values) {
        return (d, target) -> System.arraycopy(values, d * target.length, target, 0, target.length);
    }
}
