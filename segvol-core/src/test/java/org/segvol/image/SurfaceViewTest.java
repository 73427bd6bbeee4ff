package org.segvol.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class SurfaceViewTest {
    private static final GridSize SIZE = new GridSize(30, 30, 30);

    private static Volume stored(Affine affine) {
        return new Volume(SIZE, Voxels.of(new short[SIZE.count()], VoxelType.INT16, 1, 0), affine, Forms.NONE);
    }

    /** The voxels between two planes from back to front, in the middle of the other axes. */
    private static Mask slab(Volume volume, double from, double to) {
        Mask.Builder mask = Mask.builder(SIZE);
        for (int at = 0; at < SIZE.count(); at++) {
            VoxelPoint p = SIZE.point(at);
            WorldPoint w = volume.affine().toWorld(p.i(), p.j(), p.k());
            if (Math.abs(w.right()) < 10 && Math.abs(w.superior()) < 10 && w.anterior() > from && w.anterior() < to) {
                mask.set(at);
            }
        }
        return mask.build();
    }

    private static BufferedImage draw(Volume volume, Color front) {
        List<SlicePanel.Layer> layers = List.of(
                new SlicePanel.Layer(slab(volume, -8, -2), Color.BLUE),
                new SlicePanel.Layer(slab(volume, 3, 9), front));
        return SurfaceView.render(volume, layers, VoxelBox.of(0, 0, 0, 29, 29, 29), 80, 80, Color.BLACK);
    }

    private static final Affine RAS = Affine.ofRows(1, 0, 0, -15, 0, 1, 0, -15, 0, 0, 1, -15);
    private static final Affine LPI = Affine.ofRows(-1, 0, 0, 15, 0, -1, 0, 15, 0, 0, -1, 15);
    private static final Affine ASR = Affine.ofRows(0, 0, 1, -15, 1, 0, 0, -15, 0, 1, 0, -15);

    @Test
    void whatLiesInFrontHidesTheRestWhateverTheStorage() {
        for (Affine affine : List.of(RAS, LPI, ASR)) {
            int middle = draw(stored(affine), Color.RED).getRGB(40, 40);
            assertThat(middle >> 16 & 255).as("%s", affine).isGreaterThan(100);
            assertThat(middle & 255).as("%s", affine).isZero();
        }
    }

    @Test
    void translucentBodiesShowWhatLiesBehind() {
        int middle = draw(stored(RAS), new Color(255, 0, 0, 100)).getRGB(40, 40);
        assertThat(middle >> 16 & 255).isGreaterThan(40);
        assertThat(middle & 255).isGreaterThan(40);
    }

    @Test
    void besideTheBodiesIsTheBackground() {
        BufferedImage picture = draw(stored(RAS), Color.RED);
        assertThat(picture.getRGB(2, 2)).isEqualTo(Color.BLACK.getRGB());
        assertThat(picture.getRGB(77, 77)).isEqualTo(Color.BLACK.getRGB());
    }

    @Test
    void aPartFillsThePicture() {
        Volume volume = stored(RAS);
        Mask mask = slab(volume, -3, 3);
        List<SlicePanel.Layer> layers = List.of(new SlicePanel.Layer(mask, Color.RED));
        BufferedImage near = SurfaceView.render(volume, layers, mask.bounds(), 80, 80, Color.BLACK);
        BufferedImage far = SurfaceView.render(volume, layers, VoxelBox.of(0, 0, 0, 29, 29, 29), 80, 80, Color.BLACK);
        assertThat(painted(near)).isGreaterThan(2 * painted(far)).isGreaterThan(80 * 80 / 2);
    }

    private static int painted(BufferedImage picture) {
        int painted = 0;
        for (int rgb : picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth())) {
            painted += rgb == Color.BLACK.getRGB() ? 0 : 1;
        }
        return painted;
    }
}
