package org.segvol.preprocess;

import java.util.Objects;
import java.util.stream.IntStream;
import org.segvol.image.Voxels;
import org.segvol.weights.Extent;

/**
 * A volume as the network sees it, (d,h,w) with values in 0..1: a view on the stored voxels that normalises, reorders and crops while it is
 * read. Nothing of the volume's size is stored.
 */
public final class NetworkVolume {
    private final Voxels voxels;
    private final NetworkGeometry geometry;
    private final ForegroundStatistics statistics;
    private final Normalisation normalisation;
    private final Variant variant;
    private final Extent extent;

    NetworkVolume(
            Voxels voxels,
            NetworkGeometry geometry,
            ForegroundStatistics statistics,
            Normalisation normalisation,
            Variant variant) {
        this.voxels = voxels;
        this.geometry = geometry;
        this.statistics = statistics;
        this.normalisation = normalisation;
        this.variant = variant;
        this.extent = geometry.extent();
    }

    /** Its size: what the foreground crop left. */
    public Extent extent() {
        return extent;
    }

    /** The way to and from stored voxels. */
    public NetworkGeometry geometry() {
        return geometry;
    }

    /** What normalisation was computed from. */
    public ForegroundStatistics statistics() {
        return statistics;
    }

    /** One voxel. */
    public float at(int d, int h, int w) {
        return normalisation.apply(voxels.get(geometry.storedIndex(d, h, w)));
    }

    /**
     * A part of the volume, wholly inside it.
     *
     * @param d0 first plane
     * @param h0 first row
     * @param w0 first column
     * @param size of the part
     * @param target receives (d,h,w)
     * @throws IndexOutOfBoundsException when the part does not lie inside the volume
     */
    public void copy(int d0, int h0, int w0, Extent size, float[] target) {
        Objects.checkFromIndexSize(d0, size.d(), extent.d());
        Objects.checkFromIndexSize(h0, size.h(), extent.h());
        Objects.checkFromIndexSize(w0, size.w(), extent.w());
        IntStream.range(0, size.d()).parallel().forEach(d -> {
            for (int h = 0; h < size.h(); h++) {
                row(d0 + d, h0 + h, w0, size.w(), target, (d * size.h() + h) * size.w());
            }
        });
    }

    private void row(int d, int h, int w0, int width, float[] target, int at) {
        int first = geometry.storedIndex(d, h, w0), stride = geometry.strideW();
        if (stride == 1) {
            voxels.read(first, width, target, at);
        } else if (stride == -1) {
            voxels.read(first - width + 1, width, target, at);
            for (int a = at, b = at + width - 1; a < b; a++, b--) {
                float swap = target[a];
                target[a] = target[b];
                target[b] = swap;
            }
        } else {
            for (int w = 0; w < width; w++) {
                target[at + w] = voxels.get(first + w * stride);
            }
        }
        normalisation.apply(target, at, width);
    }

    /** The whole volume resized to a window by index (spec 3.7), (d,h,w). */
    public float[] zoomOut(Extent window) {
        int[] ds = zoomIndex(0, window), hs = zoomIndex(1, window), ws = zoomIndex(2, window);
        float[] out = new float[window.count()];
        IntStream.range(0, window.d()).parallel().forEach(d -> {
            float[] row = new float[extent.w()];
            int at = d * window.h() * window.w();
            for (int h = 0; h < window.h(); h++) {
                row(ds[d], hs[h], 0, extent.w(), row, 0);
                for (int w = 0; w < window.w(); w++) {
                    out[at++] = row[ws[w]];
                }
            }
        });
        return out;
    }

    /** Which voxel of an axis every voxel of the zoom-out view takes. */
    public int[] zoomIndex(int axis, Extent window) {
        int in = extent.side(axis), out = window.side(axis);
        return variant.exactZoom() ? NearestIndex.exact(in, out) : NearestIndex.legacy(in, out);
    }
}
