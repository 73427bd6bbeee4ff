package org.segvol.bench;

import java.util.Arrays;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomOptions;

/** The phantom that is timed, int16 in HU. The same bits for the same size. */
final class BenchPhantom {
    private static final long SEED = 1;

    private BenchPhantom() {}

    /** A volume of a size such as {@code 512x512x300}. */
    static Volume of(String size) {
        int[] n = Arrays.stream(size.split("x", -1)).mapToInt(Integer::parseInt).toArray();
        return Phantom.of(
                        SEED,
                        PhantomOptions.DEFAULT
                                .withSize(new GridSize(n[0], n[1], n[2]))
                                .withOrientation("RAS"))
                .image();
    }
}
