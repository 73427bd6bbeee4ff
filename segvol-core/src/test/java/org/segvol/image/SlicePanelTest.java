package org.segvol.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlicePanelTest {
    private static final GridSize SIZE = new GridSize(40, 30, 20);
    private static final Volume VOLUME = new Volume(
            SIZE,
            Voxels.of(new short[SIZE.count()], VoxelType.INT16, 1, 0),
            Affine.ofRows(1, 0, 0, -20, 0, 1, 0, -15, 0, 0, 2, -10),
            Forms.NONE);
    private static final VoxelPoint CENTRE = new VoxelPoint(20, 15, 10);

    private static BufferedImage draw(SlicePlane plane, VoxelBox shown, Mask mask, SlicePanel.Mark... marks) {
        SlicePanel panel =
                new SlicePanel(plane, CENTRE, shown, List.of(new SlicePanel.Layer(mask, Color.RED)), List.of(marks));
        List<BufferedImage> pictures = SlicePanel.render(VOLUME, List.of(panel), 200);
        assertThat(pictures).hasSize(1);
        return pictures.get(0);
    }

    private static Mask block(VoxelBox box) {
        Mask.Builder mask = Mask.builder(SIZE);
        for (int k = box.min().k(); k <= box.max().k(); k++) {
            for (int j = box.min().j(); j <= box.max().j(); j++) {
                mask.setRow(box.min().i(), box.max().i(), j, k);
            }
        }
        return mask.build();
    }

    private static boolean reddish(int rgb) {
        return (rgb >> 16 & 255) > (rgb & 255) + 20;
    }

    /** Pixels that are clearly of a colour without red; lines are smoothed, so few have it exactly. */
    private static long cyan(BufferedImage picture) {
        int[] all = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        return Arrays.stream(all)
                .filter(rgb -> (rgb >> 8 & 255) > (rgb >> 16 & 255) + 110 && (rgb & 255) > (rgb >> 16 & 255) + 110)
                .count();
    }

    @Test
    void aPartIsShownAsLargeAsThePictureAllows() {
        Mask mask = block(VoxelBox.of(12, 10, 5, 15, 13, 15));
        BufferedImage whole = draw(SlicePlane.AXIAL, null, mask);
        assertThat(whole.getWidth()).isEqualTo(200);
        assertThat(whole.getHeight()).isEqualTo(150);
        BufferedImage part = draw(SlicePlane.AXIAL, VoxelBox.of(10, 10, 0, 19, 19, 19), mask);
        assertThat(part.getWidth()).isEqualTo(200);
        assertThat(part.getHeight()).isEqualTo(200);
        // voxels 12 to 15 of 10 to 19, and the patient's right, where i is large, is on the left
        assertThat(reddish(part.getRGB(120, 130))).isTrue();
        assertThat(reddish(part.getRGB(60, 130))).isFalse();
        assertThat(reddish(part.getRGB(185, 130))).isFalse();
    }

    @Test
    void aSmallPartOfALargeSliceCostsNoMoreThanItsOwnPixels() {
        GridSize size = new GridSize(2400, 2400, 1); // as a whole it would have 48000 x 48000 pixels
        Volume large = new Volume(
                size, Voxels.of(new short[size.count()], VoxelType.INT16, 1, 0), Affine.scaling(1, 1, 1), Forms.NONE);
        Mask mask = Mask.builder(size).setRow(1004, 1006, 1005, 0).build();
        SlicePanel panel = new SlicePanel(
                SlicePlane.AXIAL,
                new VoxelPoint(0, 0, 0),
                VoxelBox.of(1000, 1000, 0, 1009, 1009, 0),
                List.of(new SlicePanel.Layer(mask, Color.RED)),
                List.of());
        BufferedImage part = SlicePanel.render(large, List.of(panel), 200).get(0);
        assertThat(part.getWidth()).isEqualTo(200);
        assertThat(part.getHeight()).isEqualTo(200);
        assertThat(reddish(part.getRGB(100, 90))).isTrue(); // voxels 1004 and 1005 of row 1005
        assertThat(reddish(part.getRGB(100, 130))).isFalse();
        assertThat(reddish(part.getRGB(40, 90))).isFalse();
    }

    @Test
    void voxelsAreTrueInMillimetres() {
        BufferedImage coronal = draw(SlicePlane.CORONAL, null, block(VoxelBox.of(0, 0, 0, 1, 1, 1)));
        assertThat(coronal.getWidth()).isEqualTo(coronal.getHeight());
    }

    @Test
    void marksAreDrawnInTheirColours() {
        Mask none = Mask.builder(SIZE).build();
        BufferedImage plain = draw(SlicePlane.AXIAL, null, none);
        BufferedImage box =
                draw(SlicePlane.AXIAL, null, none, new SlicePanel.Box(VoxelBox.of(5, 5, 5, 30, 20, 15), Color.CYAN));
        BufferedImage beside =
                draw(SlicePlane.AXIAL, null, none, new SlicePanel.Box(VoxelBox.of(5, 5, 15, 30, 20, 18), Color.CYAN));
        BufferedImage click = draw(SlicePlane.AXIAL, null, none, new SlicePanel.Click(CENTRE, Color.CYAN));
        BufferedImage far =
                draw(SlicePlane.AXIAL, null, none, new SlicePanel.Click(new VoxelPoint(20, 15, 2), Color.CYAN));
        BufferedImage word = draw(SlicePlane.AXIAL, null, none, new SlicePanel.Word("liver", CENTRE, Color.CYAN));
        assertThat(cyan(plain)).isZero();
        assertThat(cyan(box)).isGreaterThan(cyan(beside)).isGreaterThan(100);
        assertThat(cyan(click)).isGreaterThan(10);
        assertThat(cyan(far)).isLessThan(cyan(click)); // fainter
        assertThat(cyan(word)).isGreaterThan(5);
    }

    @Test
    void whatLiesOutsideIsRefused() {
        Mask none = Mask.builder(SIZE).build();
        assertThatThrownBy(() -> draw(SlicePlane.AXIAL, VoxelBox.of(0, 0, 0, 40, 1, 1), none))
                .hasMessageContaining("lies outside the volume of 40x30x20");
        Mask other = Mask.builder(new GridSize(2, 2, 2)).build();
        assertThatThrownBy(() -> draw(SlicePlane.AXIAL, null, other)).hasMessageContaining("a mask's grid is 2x2x2");
        SlicePanel panel = new SlicePanel(SlicePlane.AXIAL, new VoxelPoint(0, 30, 0), null, List.of(), List.of());
        assertThatThrownBy(() -> SlicePanel.render(VOLUME, List.of(panel), 100))
                .hasMessageContaining("the centre 0,30,0 lies outside");
    }
}
