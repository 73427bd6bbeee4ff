package org.segvol.preprocess;

import org.segvol.image.GridSize;
import org.segvol.image.Volume;

/** A volume after foreground normalisation (spec 3.4) in its stored order: a view on the stored voxels that normalises while it is read. */
public final class ForegroundVolume {
    private final Volume volume;
    private final Normalisation normalisation;

    private ForegroundVolume(Volume volume, Normalisation normalisation) {
        this.volume = volume;
        this.normalisation = normalisation;
    }

    /**
     * Computes the statistics of a volume.
     *
     * @throws UnusableVolumeException when a voxel is not finite or no voxel lies above the mean
     */
    public static ForegroundVolume of(Volume volume) {
        return new ForegroundVolume(volume, Normalisation.foreground(ForegroundStatistics.of(volume)));
    }

    /** Voxels along the stored axes. */
    public GridSize size() {
        return volume.size();
    }

    /**
     * One slice; may be called by several threads.
     *
     * @param k which slice along the third stored axis
     * @param target receives ni * nj values, i fastest: multiples of the foreground's standard deviation around its mean
     */
    public void slice(int k, float[] target) {
        int length = volume.size().ni() * volume.size().nj();
        volume.voxels().read(k * length, length, target, 0);
        normalisation.apply(target, 0, length);
    }
}
