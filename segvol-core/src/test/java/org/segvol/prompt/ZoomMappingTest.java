package org.segvol.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.segvol.image.Affine;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.preprocess.Preprocessor;
import org.segvol.preprocess.RandomVolumes;
import org.segvol.preprocess.Variant;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/** Stored positions in the network volume and in the zoom-out view. */
class ZoomMappingTest {
    private static final Extent WINDOW = ModelConfig.RELEASED.window();
    /** Left, inferior, posterior: two axes trade places and all are reversed. */
    private static final Affine TURNED = Affine.ofRows(-1, 0, 0, 0, 0, 0, -1, 0, 0, -1, 0, 0);

    private static NetworkVolume volume(Random random, Variant variant) {
        GridSize size = new GridSize(20 + random.nextInt(30), 20 + random.nextInt(30), 20 + random.nextInt(30));
        Volume volume = RandomVolumes.body(random, size, TURNED);
        return Preprocessor.prepare(volume, ModelConfig.RELEASED, variant);
    }

    @Test
    void aBoxBecomesTheExtentOfItsResizedCube() {
        long seed = System.nanoTime();
        System.out.println("boxes in the view: seed " + seed);
        Random random = new Random(seed);
        for (Variant variant : new Variant[] {Variant.GITHUB, Variant.RAS, Variant.SEGFM}) {
            NetworkVolume volume = volume(random, variant);
            Extent n = volume.extent();
            Extent view = new Extent(9, 13, 256); // axes that shrink and one that grows
            ZoomMapping mapping = new ZoomMapping(volume, view, OutsideCrop.REFUSE);
            for (int round = 0; round < 50; round++) {
                int[] lo = new int[3], hi = new int[3], viewLo = new int[3], viewHi = new int[3];
                boolean lost = false;
                for (int axis = 0; axis < 3; axis++) {
                    lo[axis] = random.nextInt(n.side(axis));
                    hi[axis] = lo[axis] + random.nextInt(n.side(axis) - lo[axis]);
                    int[] from = volume.zoomIndex(axis, view);
                    viewLo[axis] = -1;
                    for (int o = from.length - 1; o >= 0; o--) {
                        if (from[o] >= lo[axis] && from[o] <= hi[axis]) {
                            viewHi[axis] = viewLo[axis] < 0 ? o : viewHi[axis];
                            viewLo[axis] = o;
                        }
                    }
                    lost |= viewLo[axis] < 0;
                    if (viewLo[axis] < 0) { // lost by resizing: where its corners would be clicked
                        viewLo[axis] = mapping.toView(lo)[axis];
                        viewHi[axis] = mapping.toView(hi)[axis];
                    }
                }
                NetworkBox box = new NetworkBox(lo[0], lo[1], lo[2], hi[0], hi[1], hi[2]);
                NetworkBox cells = new NetworkBox(viewLo[0], viewLo[1], viewLo[2], viewHi[0], viewHi[1], viewHi[2]);
                assertThat(mapping.toView(box)).isEqualTo(cells);
                assertThat(mapping.resized(box)).isEqualTo(lost ? NetworkBox.EMPTY : cells);
            }
            assertThat(mapping.resized(NetworkBox.EMPTY)).isEqualTo(NetworkBox.EMPTY);
        }
    }

    @Test
    void aStoredBoxHoldsTheVoxelsOfItsNetworkBox() {
        Random random = new Random(3);
        NetworkVolume volume = volume(random, Variant.RAS);
        ZoomMapping mapping = new ZoomMapping(volume, WINDOW, OutsideCrop.REFUSE);
        VoxelBox kept = volume.geometry().keptBox();
        Extent n = volume.extent();
        assertThat(mapping.toVolume(kept)).isEqualTo(new NetworkBox(0, 0, 0, n.d() - 1, n.h() - 1, n.w() - 1));
        VoxelPoint a = volume.geometry().toStored(1, 2, 3),
                b = volume.geometry().toStored(5, 4, 3);
        assertThat(mapping.toVolume(VoxelBox.spanning(a, b))).isEqualTo(new NetworkBox(1, 2, 3, 5, 4, 3));
        assertThat(mapping.toVolume(a)).containsExactly(1, 2, 3);
    }

    @Test
    void positionsOutsideTheCropAreClampedOrRefused() {
        NetworkVolume volume = volume(new Random(4), Variant.RAS);
        Extent n = volume.extent();
        VoxelPoint outside = volume.geometry().toStored(-2, 3, n.w() + 4);
        assertThat(new ZoomMapping(volume, WINDOW, OutsideCrop.CLAMP).toVolume(outside))
                .containsExactly(0, 3, n.w() - 1);
        ZoomMapping strict = new ZoomMapping(volume, WINDOW, OutsideCrop.REFUSE);
        VoxelBox kept = volume.geometry().keptBox();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> strict.toVolume(outside))
                .withMessageContaining("voxel " + outside)
                .withMessageContaining("from " + kept.min() + " to " + kept.max());
        assertThatIllegalArgumentException().isThrownBy(() -> strict.toVolume(VoxelBox.spanning(outside, kept.min())));
    }

    @Test
    void aClickFallsIntoTheCellThatCoversItsVoxelsCentre() {
        NetworkVolume volume = volume(new Random(5), Variant.GITHUB);
        Extent n = volume.extent();
        ZoomMapping mapping = new ZoomMapping(volume, WINDOW, OutsideCrop.REFUSE);
        for (int d = 0; d < n.d(); d++) {
            int cell = mapping.toView(new int[] {d, 0, 0})[0];
            double centre = (d + 0.5) * WINDOW.d() / n.d();
            assertThat(centre).isBetween((double) cell, cell + 1.0);
        }
    }
}
