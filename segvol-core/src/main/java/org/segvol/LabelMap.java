package org.segvol;

import java.util.List;
import org.segvol.image.GridSize;
import org.segvol.infer.Decision;
import org.segvol.infer.LogitPlanes;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.weights.Extent;

/**
 * Several structures in one grid: each voxel has the value of the structure with the highest probability there, 1 for the first prompt, 2 for the
 * second, 0 where none was found. Six bytes for each voxel while it is made, two afterwards.
 */
public final class LabelMap {
    private final GridSize size;
    private final short[] labels;
    private float[] best;
    private List<Segmentation> structures = List.of();

    LabelMap(GridSize size) {
        this.size = size;
        this.labels = new short[size.count()];
        this.best = new float[size.count()];
    }

    /** Receives the logits of the structure with a value. */
    LogitPlanes collector(NetworkVolume prepared, int value, Options options) {
        Decision decision = Decision.above(options.threshold());
        return (d, logits) -> {
            Extent extent = prepared.extent();
            int at = 0, stride = prepared.geometry().strideW();
            for (int h = 0; h < extent.h(); h++) {
                int index = prepared.geometry().storedIndex(d, h, 0);
                for (int w = 0; w < extent.w(); w++, at++, index += stride) {
                    if (decision.positive(logits[at]) && (labels[index] == 0 || logits[at] > best[index])) {
                        labels[index] = (short) value;
                        best[index] = logits[at];
                    }
                }
            }
        };
    }

    LabelMap finished(List<Segmentation> all) {
        structures = List.copyOf(all);
        best = null;
        return this;
    }

    /** The grid. */
    public GridSize size() {
        return size;
    }

    /** The structures, each with its own mask; the value of number {@code n} in the list is {@code n + 1}. */
    public List<Segmentation> structures() {
        return structures;
    }

    /**
     * How many voxels have each structure's value, in the order of {@link #structures}: fewer than its own mask has where another structure is
     * more probable, or as probable and earlier in the list.
     */
    public long[] counts() {
        long[] counts = new long[structures.size()];
        for (short label : labels) {
            if (label != 0) {
                counts[(label & 0xFFFF) - 1]++;
            }
        }
        return counts;
    }

    /**
     * The value of a voxel.
     *
     * @throws IndexOutOfBoundsException when the voxel lies outside the grid
     */
    public int get(int i, int j, int k) {
        return labels[size.checkedIndex(i, j, k)] & 0xFFFF;
    }

    /** Copies slice {@code k} in stored order. */
    public void slice(int k, short[] target) {
        int n = size.ni() * size.nj();
        System.arraycopy(labels, k * n, target, 0, n);
    }
}
