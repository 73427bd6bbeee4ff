package org.segvol.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;

/** The distance transform against a search through all voxels, on odd and flat grids. */
class DistanceTransformTest {
    private static final double FLOAT = 1e-6;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void equalsASearch(long seed) {
        Random random = new Random(seed);
        GridSize size = new GridSize(side(random), side(random), side(random));
        double[] spacing = {random.nextDouble(0.3, 6), random.nextDouble(0.3, 6), random.nextDouble(0.3, 6)};
        int[] members = random.ints(1 + random.nextInt(20), 0, size.count()).toArray();
        Mask.Builder set = Mask.builder(size);
        for (int member : members) {
            set.set(member);
        }
        float[] squares = DistanceTransform.squared(set.build(), spacing);
        for (int at = 0; at < squares.length; at++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int member : members) {
                nearest = Math.min(nearest, square(size, at, member, spacing));
            }
            assertThat((double) squares[at])
                    .as("seed %d, %s at %s", seed, size, size.point(at))
                    .isCloseTo(nearest, within(FLOAT * nearest));
        }
    }

    /** Lengths around the 16 lines that are gathered together, and of one voxel. */
    private static int side(Random random) {
        return new int[] {1, 2, 15, 16, 17, 23, 35}[random.nextInt(7)];
    }

    private static double square(GridSize size, int a, int b, double[] spacing) {
        double i = (size.point(a).i() - size.point(b).i()) * spacing[0];
        double j = (size.point(a).j() - size.point(b).j()) * spacing[1];
        double k = (size.point(a).k() - size.point(b).k()) * spacing[2];
        return i * i + j * j + k * k;
    }
}
