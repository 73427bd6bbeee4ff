package org.segvol.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.segvol.image.GridSize;
import org.segvol.io.AtomicFile;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomOptions;

/**
 * A small model that comes with the library, to try it without the released weights. It was trained from scratch on phantoms of {@link #RECIPE} alone: it
 * knows their ten structures by name and nothing of patients.
 */
public final class DemoModel {
    /** How its phantoms are scanned: 192x192x80 voxels, stored to the right, front and head. */
    public static final PhantomOptions RECIPE =
            PhantomOptions.DEFAULT.withSize(new GridSize(192, 192, 80)).withOrientation("RAS");

    /** A phantom that the model has not seen. */
    public static final long UNSEEN = 20040;

    /** Seeds from 0 to below this were training data, or set aside for choosing between models. */
    private static final long SEEN = 10100;

    /** So were those from here to below {@link #LOOKED_AT_END}, which were looked at between training runs. */
    private static final long LOOKED_AT = 20000;

    private static final long LOOKED_AT_END = 20040;

    private static final String RESOURCE = "phantoms.safetensors";

    private DemoModel() {}

    /** Whether the phantom of a seed was used to train the model or to choose it. */
    public static boolean hasSeen(long seed) {
        return (seed >= 0 && seed < SEEN) || (seed >= LOOKED_AT && seed < LOOKED_AT_END);
    }

    /** A phantom as the model knows them. */
    public static Phantom phantom(long seed) {
        return Phantom.of(seed, RECIPE);
    }

    /**
     * Writes the weights, for {@link org.segvol.SegVol#load(Path)} and for the command's {@code -w}.
     *
     * @param file replaced as a whole or left as it was
     * @throws IOException when it cannot be written
     */
    public static void write(Path file) throws IOException {
        try (InputStream weights = DemoModel.class.getResourceAsStream(RESOURCE)) {
            AtomicFile.write(file, weights::transferTo);
        }
    }
}
