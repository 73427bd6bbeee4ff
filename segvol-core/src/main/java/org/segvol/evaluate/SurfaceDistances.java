package org.segvol.evaluate;

import java.util.Arrays;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.VoxelBox;

/**
 * Distances between the surfaces of two masks that are not empty, in mm.
 *
 * @param there from each surface voxel of the first to the second surface, rising
 * @param back from each surface voxel of the second to the first surface, rising
 */
record SurfaceDistances(float[] there, float[] back) {
    /** Distances are float32; one that equals the tolerance but for rounding lies within it. */
    private static final double ROUNDING = 1e-6;

    static SurfaceDistances between(Mask a, Mask b, double[] spacing) {
        VoxelBox box = union(a.bounds(), b.bounds());
        Mask first = surface(a, box), second = surface(b, box);
        return new SurfaceDistances(rising(first, second, spacing), rising(second, first, spacing));
    }

    private static VoxelBox union(VoxelBox a, VoxelBox b) {
        return VoxelBox.of(
                Math.min(a.min().i(), b.min().i()),
                Math.min(a.min().j(), b.min().j()),
                Math.min(a.min().k(), b.min().k()),
                Math.max(a.max().i(), b.max().i()),
                Math.max(a.max().j(), b.max().j()),
                Math.max(a.max().k(), b.max().k()));
    }

    private static float[] rising(Mask from, Mask to, double[] spacing) {
        float[] squares = DistanceTransform.squared(to, spacing);
        float[] distances = new float[Math.toIntExact(from.count())];
        int n = 0;
        for (int at = from.nextSet(0); at >= 0; at = from.nextSet(at + 1)) {
            distances[n++] = (float) Math.sqrt(squares[at]);
        }
        Arrays.parallelSort(distances);
        return distances;
    }

    /** The mask's voxels with a face on its outside; the grid is the box, which holds the whole mask. */
    static Mask surface(Mask mask, VoxelBox box) {
        GridSize size = new GridSize(
                box.max().i() - box.min().i() + 1,
                box.max().j() - box.min().j() + 1,
                box.max().k() - box.min().k() + 1);
        Mask.Builder surface = Mask.builder(size);
        GridSize whole = mask.size();
        for (int k = 0; k < size.nk(); k++) {
            for (int j = 0; j < size.nj(); j++) {
                int row = whole.index(0, box.min().j() + j, box.min().k() + k);
                int end = row + box.max().i() + 1;
                for (int at = mask.nextSet(row + box.min().i(), end); at >= 0; ) {
                    int to = Math.min(mask.nextClear(at), row + whole.ni());
                    surfaceOfRun(
                            mask, at, to, size.index(0, j, k) - row - box.min().i(), surface);
                    at = mask.nextSet(to, end);
                }
            }
        }
        return surface.build();
    }

    /** One run of a row: its ends, and what has no voxel of the mask above, below, before or behind it. */
    private static void surfaceOfRun(Mask mask, int from, int to, int shift, Mask.Builder surface) {
        GridSize size = mask.size();
        int slice = size.ni() * size.nj(), j = from / size.ni() % size.nj(), k = from / slice;
        boolean border = j == 0 || j == size.nj() - 1 || k == 0 || k == size.nk() - 1;
        for (int at = from; at < to; at++) {
            if (border
                    || at == from
                    || at == to - 1
                    || !mask.get(at - size.ni())
                    || !mask.get(at + size.ni())
                    || !mask.get(at - slice)
                    || !mask.get(at + slice)) {
                surface.set(at + shift);
            }
        }
    }

    /** The share of all surface voxels that lie within a distance of the other surface. */
    double shareWithin(double tolerance) {
        float limit = (float) (tolerance * (1 + ROUNDING));
        return (double) (countUpTo(there, limit) + countUpTo(back, limit)) / (there.length + back.length);
    }

    private static long countUpTo(float[] rising, float limit) {
        int from = 0, to = rising.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (rising[middle] <= limit) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** The larger of the two directions' distances at a share of the ranks, 0..1. */
    double percentile(double share) {
        return Math.max(at(there, share), at(back, share));
    }

    private static double at(float[] rising, double share) {
        double rank = share * (rising.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, rising.length - 1);
        return rising[below] + (rank - below) * (rising[above] - rising[below]);
    }
}
