package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;
import org.segvol.infer.Decision;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.preprocess.Preprocessor;
import org.segvol.preprocess.Variant;
import org.segvol.testing.RandomStream;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.Extent;

/** Planes of logits land on the same stored voxels as one voxel after the other, whichever way the stored axes run. */
class StoredResultTest {
    private static final GridSize SIZE = new GridSize(71, 13, 9);

    private static Volume volume(Affine affine) {
        float[] noise = RandomStream.units("stored result", SIZE.count());
        short[] values = new short[SIZE.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) (1000 * noise[i]);
        }
        return new Volume(SIZE, Voxels.of(values, VoxelType.INT16, 1, 0), affine, Forms.NONE);
    }

    private static void requireSameVoxels(Volume volume) {
        NetworkVolume prepared = Preprocessor.prepare(volume, TestConfigs.MINI, Variant.RAS);
        Extent extent = prepared.extent();
        StoredResult result = new StoredResult(prepared, Options.DEFAULT.withProbabilities(true), null);
        Mask.Builder expected = Mask.builder(SIZE);
        float[] probabilities = new float[SIZE.count()];
        for (int d = 0; d < extent.d(); d++) {
            float[] logits = RandomStream.units("plane " + d, extent.h() * extent.w());
            for (int h = 0; h < extent.h(); h++) {
                for (int w = 0; w < extent.w(); w++) {
                    int at = h * extent.w() + w;
                    logits[at] -= w % 8 < 4 ? 0.2f : 0.8f; // runs of both signs
                    int index = prepared.geometry().storedIndex(d, h, w);
                    probabilities[index] = Decision.probability(logits[at]);
                    if (logits[at] > 0) {
                        expected.set(index);
                    }
                }
            }
            result.plane(d, logits);
        }
        assertThat(result.probabilities()).isEqualTo(probabilities);
        assertThat(result.mask()).isEqualTo(expected.build());
    }

    @Test
    void rowsAlongTheStoredOrder() {
        requireSameVoxels(volume(Affine.scaling(1, 1, 2)));
    }

    @Test
    void rowsAgainstTheStoredOrder() {
        requireSameVoxels(volume(Affine.scaling(-1, 1, 2)));
    }

    @Test
    void rowsAcrossTheStoredOrder() {
        requireSameVoxels(volume(Affine.ofRows(0, 0, 2, 0, 0, 1, 0, 0, 1, 0, 0, 0)));
    }
}
