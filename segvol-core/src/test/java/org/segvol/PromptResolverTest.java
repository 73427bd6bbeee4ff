package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.segvol.image.Affine;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VoxelPoint;
import org.segvol.infer.NetworkPrompt;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.preprocess.Preprocessor;
import org.segvol.preprocess.RandomVolumes;
import org.segvol.preprocess.Variant;
import org.segvol.prompt.NetworkBox;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/** Prompts from labels of which the network, or its zoom-out view, sees nothing. */
class PromptResolverTest {
    /** Smaller than the volume on every axis, so that the view leaves out voxels. */
    private static final Extent VIEW = new Extent(5, 6, 7);

    private static final Volume CT = RandomVolumes.body(
            new Random(6), new GridSize(30, 28, 26), Affine.ofRows(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0));

    private static NetworkPrompt resolve(NetworkVolume volume, Variant variant, VoxelPoint labelled) {
        GridSize size = CT.size();
        Mask label = Mask.builder(size)
                .set(size.index(labelled.i(), labelled.j(), labelled.k()))
                .build();
        return new PromptResolver(volume, VIEW, variant, null)
                .resolve(new LabelPrompt(label, null, true, false), new SplitMixChooser(1));
    }

    @Test
    void theyHaveTheEmptyBoxWhereTheyAreNotSeen() {
        for (Variant variant : new Variant[] {Variant.GITHUB, Variant.HF, Variant.SEGFM, Variant.RAS}) {
            NetworkVolume volume = Preprocessor.prepare(CT, ModelConfig.RELEASED, variant);
            int[] seen = new int[3], unseen = new int[3];
            for (int axis = 0; axis < 3; axis++) {
                int[] index = volume.zoomIndex(axis, VIEW);
                seen[axis] = index[2];
                unseen[axis] = IntStream.range(0, volume.extent().side(axis))
                        .filter(at -> IntStream.of(index).noneMatch(taken -> taken == at))
                        .findFirst()
                        .orElseThrow();
            }
            NetworkPrompt shown = resolve(volume, variant, volume.geometry().toStored(seen[0], seen[1], seen[2]));
            assertThat(shown.viewBox()).as(variant.name()).isEqualTo(new NetworkBox(2, 2, 2, 2, 2, 2));
            NetworkPrompt between = resolve(volume, variant, volume.geometry().toStored(unseen[0], seen[1], seen[2]));
            assertThat(between.viewBox()).as(variant.name()).isEqualTo(NetworkBox.EMPTY);
            assertThat(between.volumeBox())
                    .as(variant.name())
                    .isEqualTo(new NetworkBox(unseen[0], seen[1], seen[2], unseen[0], seen[1], seen[2]));
            VoxelPoint corner = new VoxelPoint(0, 0, 0);
            assertThat(volume.geometry().keeps(corner)).as(variant.name()).isFalse();
            NetworkPrompt outside = resolve(volume, variant, corner);
            assertThat(outside.viewBox()).as(variant.name()).isEqualTo(NetworkBox.EMPTY);
            assertThat(outside.volumeBox()).as(variant.name()).isEqualTo(NetworkBox.EMPTY);
        }
    }
}
