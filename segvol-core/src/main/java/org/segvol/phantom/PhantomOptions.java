package org.segvol.phantom;

import java.util.Objects;
import org.segvol.image.GridSize;

/**
 * How a phantom is scanned. What is null is drawn from the seed.
 *
 * @param size voxels along the stored axes (i, j, k); for an axial scan k runs along the patient
 * @param spacing mm of a voxel along the stored axes, or null: drawn so that the body fits, and in height the nine organs
 * @param orientation where the stored axes grow to, three of the letters R L A P S I such as {@code LPS}; or null: drawn among axial orders, at times a
 *     little oblique
 * @param noise standard deviation of the noise in soft tissue in HU, 0 or more; or null: drawn between 7 and 20
 * @param threads how many threads work, 0 for all cores; the voxels do not depend on it
 */
public record PhantomOptions(GridSize size, Spacing spacing, String orientation, Double noise, int threads) {
    /** 256x256x96 voxels, everything else drawn, all cores. */
    public static final PhantomOptions DEFAULT = new PhantomOptions(new GridSize(256, 256, 96), null, null, null, 0);

    private static final String AXES = "RLAPSI";
    private static final int SMALLEST = 16;

    /** Checks the values. */
    public PhantomOptions {
        Objects.requireNonNull(size, "size");
        if (Math.min(size.ni(), Math.min(size.nj(), size.nk())) < SMALLEST) {
            throw new IllegalArgumentException(
                    "a phantom has at least " + SMALLEST + " voxels along each axis, found " + size);
        }
        if (orientation != null) {
            checkOrientation(orientation);
        }
        if (noise != null && !(noise >= 0 && noise <= 1000)) {
            throw new IllegalArgumentException("noise is from 0 to 1000 HU, found " + noise);
        }
        if (threads < 0) {
            throw new IllegalArgumentException("threads are 0 (all cores) or more, found " + threads);
        }
    }

    private static void checkOrientation(String codes) {
        int seen = 0;
        for (int n = 0; n < codes.length(); n++) {
            int axis = AXES.indexOf(codes.charAt(n));
            seen |= axis < 0 ? 8 : 1 << (axis / 2);
        }
        if (codes.length() != 3 || seen != 7) {
            throw new IllegalArgumentException(
                    "an orientation is three letters, one of R and L, one of A and P, one of S"
                            + " and I, such as LPS; found " + codes);
        }
    }

    /** The same with another size. */
    public PhantomOptions withSize(GridSize other) {
        return new PhantomOptions(other, spacing, orientation, noise, threads);
    }

    /** The same with another spacing, or null. */
    public PhantomOptions withSpacing(Spacing other) {
        return new PhantomOptions(size, other, orientation, noise, threads);
    }

    /** The same with another orientation, or null. */
    public PhantomOptions withOrientation(String other) {
        return new PhantomOptions(size, spacing, other, noise, threads);
    }

    /** The same with another noise, or null. */
    public PhantomOptions withNoise(Double other) {
        return new PhantomOptions(size, spacing, orientation, other, threads);
    }

    /** The same with other threads. */
    public PhantomOptions withThreads(int other) {
        return new PhantomOptions(size, spacing, orientation, noise, other);
    }

    /**
     * Sizes of a voxel.
     *
     * @param i mm along the first stored axis
     * @param j mm along the second
     * @param k mm along the third
     */
    public record Spacing(double i, double j, double k) {
        /** Checks that they are between 0.1 and 50 mm. */
        public Spacing {
            for (double mm : new double[] {i, j, k}) {
                if (!(mm >= 0.1 && mm <= 50)) {
                    throw new IllegalArgumentException(
                            "voxels are 0.1 to 50 mm long, found " + i + " x " + j + " x " + k);
                }
            }
        }

        double along(int axis) {
            return axis == 0 ? i : axis == 1 ? j : k;
        }
    }
}
