package org.segvol.preprocess;

import java.util.List;
import java.util.stream.IntStream;
import org.segvol.image.GridSize;
import org.segvol.image.Orientation;
import org.segvol.image.Volume;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/** Prepares volumes for the network: normalisation, axes, crop (spec 3.3). */
public final class Preprocessor {
    private Preprocessor() {}

    /**
     * A volume as the network sees it. Every variant maps stored (i,j,k) to (w,h,d).
     *
     * @throws UnusableVolumeException when a voxel is not finite, or nothing stands out from the background
     */
    public static NetworkVolume prepare(Volume volume, ModelConfig config, Variant variant) {
        return prepare(volume, config, variant, ForegroundStatistics.of(volume));
    }

    /**
     * A volume whose voxels were normalised by their foreground before, as the published data sets keep it (spec 5.1): only min-max is left.
     *
     * @throws UnusableVolumeException when a voxel is not finite, or nothing stands out from the background
     */
    public static NetworkVolume prepareNormalised(Volume volume, ModelConfig config, Variant variant) {
        ForegroundStatistics own = ForegroundStatistics.of(volume);
        ForegroundStatistics none = new ForegroundStatistics(
                own.threshold(), own.minimum(), own.maximum(), 0, 1, own.count(), own.minimum(), own.maximum());
        return prepare(volume, config, variant, none);
    }

    private static NetworkVolume prepare(
            Volume volume, ModelConfig config, Variant variant, ForegroundStatistics statistics) {
        Normalisation normalisation = Normalisation.of(statistics);
        int[] perm = {0, 1, 2};
        boolean[] flip = new boolean[3];
        if (variant.reorient()) {
            Orientation orientation = Orientation.of(volume.affine());
            for (int axis = 0; axis < 3; axis++) {
                perm[axis] = orientation.storedAxis(axis);
                flip[axis] = orientation.flipped(axis);
            }
        }
        int[][] stored = foreground(volume, normalisation.smallestPositive());
        int[] padBefore = new int[3], sides = new int[3], start = new int[3], end = new int[3];
        Extent window = config.window();
        for (int axis = 0; axis < 3; axis++) {
            int from = perm[2 - axis];
            int n = volume.size().side(from);
            int missing = variant.pad() ? Math.max(window.side(axis) - n, 0) : 0;
            padBefore[axis] = missing / 2;
            sides[axis] = n + missing;
            boolean reversed = flip[2 - axis];
            int first = reversed ? n - 1 - stored[1][from] : stored[0][from];
            int last = reversed ? n - 1 - stored[0][from] : stored[1][from];
            start[axis] = first + padBefore[axis];
            end[axis] = last + padBefore[axis] + 1;
        }
        NetworkGeometry geometry = new NetworkGeometry(
                volume.size(), perm, flip, padBefore, new Extent(sides[0], sides[1], sides[2]), start, end);
        return new NetworkVolume(volume.voxels(), geometry, statistics, normalisation, variant);
    }

    /** First and last index per stored axis of voxels that are at least {@code limit}. */
    private static int[][] foreground(Volume volume, float limit) {
        GridSize size = volume.size();
        List<int[]> slices = Float.isNaN(limit)
                ? List.of()
                : IntStream.range(0, size.nk())
                        .parallel()
                        .mapToObj(k -> slice(volume, k, limit))
                        .toList();
        int[][] bounds = {{size.ni(), size.nj(), size.nk()}, {-1, -1, -1}};
        for (int[] slice : slices) {
            if (slice != null) {
                for (int axis = 0; axis < 3; axis++) {
                    bounds[0][axis] = Math.min(bounds[0][axis], slice[axis]);
                    bounds[1][axis] = Math.max(bounds[1][axis], slice[axis + 3]);
                }
            }
        }
        if (bounds[1][0] < 0) {
            throw new UnusableVolumeException(
                    "nothing is left after normalisation: all voxels above the mean have one value, so this is a mask and not an image");
        }
        return bounds;
    }

    /** The six limits of a slice's foreground, or null when it has none. */
    private static int[] slice(Volume volume, int k, float limit) {
        GridSize size = volume.size();
        float[] row = new float[size.ni()];
        int i0 = size.ni(), i1 = -1, j0 = size.nj(), j1 = -1;
        for (int j = 0; j < size.nj(); j++) {
            volume.voxels().read(size.index(0, j, k), row.length, row, 0);
            int first = 0;
            while (first < row.length && !(row[first] >= limit)) {
                first++;
            }
            if (first < row.length) {
                int last = row.length - 1;
                while (!(row[last] >= limit)) {
                    last--;
                }
                i0 = Math.min(i0, first);
                i1 = Math.max(i1, last);
                j0 = Math.min(j0, j);
                j1 = j;
            }
        }
        return i1 < 0 ? null : new int[] {i0, j0, k, i1, j1, k};
    }
}
