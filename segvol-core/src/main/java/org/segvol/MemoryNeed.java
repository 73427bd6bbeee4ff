package org.segvol;

import org.segvol.image.GridSize;
import org.segvol.image.VoxelType;
import org.segvol.infer.ZoomInference;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/**
 * The most that segmenting a volume holds of Java's heap at one time, in bytes. What the model holds besides lies outside the heap and does not
 * depend on the volume (docs/sessions.md). Earlier answers that a {@link Refinement} keeps come on top: at most 16 masks, with probabilities 2 of
 * {@code results}.
 *
 * @param volume the stored voxels
 * @param embeddings of the zoom-out view and of windows, as far as these are kept
 * @param working what a call needs while it runs
 * @param results masks, probabilities and the label map
 */
public record MemoryNeed(long volume, long embeddings, long working, long results) {
    /** Vocabulary, tables, and what Java itself keeps on the heap. */
    private static final long FIXED = 48L << 20;
    /** Arrays of a window's size that live at one time while it is cropped, encoded, decoded, enlarged and added. */
    private static final int WINDOW_ARRAYS = 8;

    /** What results a call gives. */
    public enum Result {
        /** A mask for each structure. */
        MASKS,
        /** One label map, and a mask for each structure. */
        LABEL_MAP
    }

    /**
     * The need of one session and its largest call. Windows are kept up to {@code options.cacheBytes()}, or all of the call's where these need
     * less; in mode {@code zoom} other calls have other windows, of which as many can be kept besides as the cache has room for.
     *
     * @param size the volume's grid
     * @param type how its voxels are stored
     * @param config the model's sizes
     * @param options of the session
     * @param structures how many are asked for in one call
     * @param result what the call gives
     */
    public static MemoryNeed of(
            GridSize size, VoxelType type, ModelConfig config, Options options, int structures, Result result) {
        long n = size.count();
        Extent window = config.window();
        long embedding = embeddingBytes(config);
        // which of its axes the planes of averaged windows have depends on how the volume is stored
        long perStructure = 0, plane = 0, windows = 0;
        for (int axis = 0; axis < 3; axis++) {
            Extent turned = new Extent(size.side(axis), size.side((axis + 1) % 3), size.side((axis + 2) % 3));
            perStructure = Math.max(perStructure, ZoomInference.bytesPerStructure(turned, window));
            windows = Math.max(windows, ZoomInference.windows(turned, window, options.overlap()));
            plane = Math.max(plane, 4L * Math.max(turned.h(), window.h()) * Math.max(turned.w(), window.w()));
        }
        long together = Math.max(1, Math.min(structures, options.cacheBytes() / perStructure));
        long view = 5L * window.count(); // its logits, and where it was clicked
        long masks = structures * (n / 8 + 8 + window.count() / 8 + (options.probabilities() ? 4 * n : 0));
        return new MemoryNeed(
                n * type.bytes(),
                Math.min(options.cacheBytes(), differentWindows(windows, options, structures) * embedding)
                        + 2 * embedding,
                FIXED + together * (perStructure + 2 * plane + view) + WINDOW_ARRAYS * 4L * window.count() + embedding,
                masks + (result == Result.LABEL_MAP ? 6 * n : 0));
    }

    /** How many places the windows of a call have, when there are so many over the whole volume. */
    private static long differentWindows(long windows, Options options, int structures) {
        boolean lattice =
                options.mode() == Mode.REFINED && options.refinements().sharedLattice();
        return switch (options.mode()) {
            case RESIZE -> 0;
            case SLIDING_WINDOW -> windows;
            case ZOOM, REFINED -> lattice ? windows : structures * windows;
        };
    }

    /** Bytes of what is kept of one encoded window: what {@link org.segvol.layers.MaskDecoder#remember} gives. */
    static long embeddingBytes(ModelConfig config) {
        return 4L * config.grid().count() * (config.hidden() + 3L * (config.hidden() / 2));
    }

    /** All of it. */
    public long total() {
        return volume + embeddings + working + results;
    }

    /** How large Java's heap must be ({@code -Xmx}): collectors keep a third for new objects. */
    public long javaHeap() {
        return total() / 2 * 3;
    }
}
