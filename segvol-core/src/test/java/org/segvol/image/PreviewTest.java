package org.segvol.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreviewTest {
    private static final GridSize SIZE = new GridSize(40, 30, 20);
    private static final int MARGIN = 18;
    private static final int SIDE = 460;

    /** Water with a bright block at the patient's right, front and head; stored as the affine says. */
    private static Volume volume(Affine affine) {
        short[] values = new short[SIZE.count()];
        for (int index = 0; index < values.length; index++) {
            int row = index / SIZE.ni();
            int slice = row / SIZE.nj();
            WorldPoint p = affine.toWorld(index % SIZE.ni(), row % SIZE.nj(), slice);
            values[index] = (short)
                    (p.right() > 6 && p.anterior() > 4 && p.superior() > 3 ? 240 : index % 7 == 0 ? -1000 : -160);
        }
        return new Volume(SIZE, Voxels.of(values, VoxelType.INT16, 1, 0), affine, Forms.NONE);
    }

    private static Mask bright(Volume volume) {
        return Mask.ofLabel(volume, 240);
    }

    private static PreviewContent content(Mask mask, VoxelPoint centre) {
        VoxelBox box = mask.bounds();
        return new PreviewContent(
                "a title",
                List.of(new PreviewContent.Layer("bright", mask)),
                new PreviewContent.Prompt("block", box, List.of(box.min()), List.of(new VoxelPoint(0, 0, 0))),
                centre);
    }

    /** The mean brightness of a block of the picture, as shares of its panel. */
    private static double brightness(BufferedImage picture, int panel, double x, double y) {
        int panelHeight = panel == 0 ? 345 : panel == 1 ? 230 : 307;
        int left = MARGIN + panel * (SIDE + MARGIN);
        int top = 30 + (345 - panelHeight) / 2;
        double sum = 0;
        for (int dy = -8; dy < 8; dy++) {
            for (int dx = -8; dx < 8; dx++) {
                int rgb = picture.getRGB((int) (left + x * SIDE) + dx, (int) (top + y * panelHeight) + dy);
                sum += (rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255);
            }
        }
        return sum / 768;
    }

    @Test
    void rightIsOnTheLeftFrontAndHeadAreUpWhateverTheStorage() {
        List<Affine> affines = List.of(
                Affine.ofRows(1, 0, 0, -20, 0, 1, 0, -15, 0, 0, 1, -10),
                Affine.ofRows(-1, 0, 0, 19, 0, -1, 0, 14, 0, 0, -1, 9));
        for (Affine affine : affines) {
            Volume volume = volume(affine);
            VoxelPoint centre = affine.toVoxel(new WorldPoint(12, 9, 6));
            PreviewContent shown = new PreviewContent("t", List.of(), PreviewContent.Prompt.NONE, centre);
            BufferedImage picture = Preview.render(volume, shown);
            for (int panel = 0; panel < 3; panel++) {
                assertThat(brightness(picture, panel, 0.17, 0.2))
                        .as("panel %d left top", panel)
                        .isGreaterThan(200);
                assertThat(brightness(picture, panel, 0.8, 0.2))
                        .as("panel %d right top", panel)
                        .isLessThan(60);
                assertThat(brightness(picture, panel, 0.25, 0.78))
                        .as("panel %d left bottom", panel)
                        .isLessThan(60);
            }
        }
    }

    @Test
    void theSameInputGivesTheSamePixels() {
        Volume volume = volume(Affine.ofRows(1, 0, 0, -20, 0, 1, 0, -15, 0, 0, 1, -10));
        BufferedImage a = Preview.render(volume, content(bright(volume), null));
        BufferedImage b = Preview.render(volume, content(bright(volume), null));
        assertThat(a.getWidth()).isEqualTo(3 * SIDE + 4 * MARGIN);
        assertThat(a.getHeight()).isEqualTo(b.getHeight());
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                assertThat(a.getRGB(x, y)).as("pixel %d, %d", x, y).isEqualTo(b.getRGB(x, y));
            }
        }
    }

    /** The block is 13 x 10 x 6 voxels, 11.5 pixels each, so its lines inside the volume are about 650 pixels long. */
    @Test
    void structuresAreOutlinedAndPromptsDrawn() {
        Volume volume = volume(Affine.ofRows(1, 0, 0, -20, 0, 1, 0, -15, 0, 0, 1, -10));
        Mask mask = bright(volume);
        PreviewContent bare = new PreviewContent(
                "", List.of(new PreviewContent.Layer("bright", mask)), PreviewContent.Prompt.NONE, null);
        assertThat(pixels(Preview.render(volume, bare), 0x2FD6C3)).isBetween(700, 2500);
        BufferedImage prompted =
                Preview.render(volume, content(mask, mask.bounds().min()));
        assertThat(pixels(prompted, 0xFFD23F)).as("pixels of the box").isGreaterThan(100);
        assertThat(pixels(prompted, 0x3DDC84))
                .as("pixels of the positive point")
                .isGreaterThan(20);
    }

    @Test
    void everyStructureHasAColourOfItsOwn() {
        Volume volume = volume(Affine.scaling(1, 1, 1));
        Mask none = Mask.builder(SIZE).build();
        List<PreviewContent.Layer> layers = new ArrayList<>();
        for (int n = 0; n < 40; n++) {
            layers.add(new PreviewContent.Layer("a", none));
        }
        BufferedImage picture =
                Preview.render(volume, new PreviewContent("", layers, PreviewContent.Prompt.NONE, null));
        BufferedImage plain =
                Preview.render(volume, new PreviewContent("", List.of(), PreviewContent.Prompt.NONE, null));
        Set<Integer> colors = new HashSet<>();
        for (int y = plain.getHeight() - MARGIN / 2; y < picture.getHeight(); y++) {
            for (int x = 12, run = 1; x < picture.getWidth(); x++) {
                int color = picture.getRGB(x, y) & 0xFFFFFF;
                run = (picture.getRGB(x - 1, y) & 0xFFFFFF) == color ? run + 1 : 1;
                if (run == 12 && color != 0x14171C) { // a square in the caption is 13 pixels wide, letters are narrower
                    colors.add(color);
                }
            }
        }
        assertThat(colors).hasSize(40);
    }

    @Test
    void aLongPromptHasALineOfItsOwn() {
        Volume volume = volume(Affine.scaling(1, 1, 1));
        int[] heights = new int[3];
        for (int n = 0; n < heights.length; n++) {
            PreviewContent.Prompt prompt =
                    new PreviewContent.Prompt("structure ".repeat(n * n * 16 + 1), null, List.of(), List.of());
            String title = n == 2 ? "long".repeat(200) : "t";
            BufferedImage picture = Preview.render(volume, new PreviewContent(title, List.of(), prompt, null));
            heights[n] = picture.getHeight();
            for (int y = picture.getHeight() - 60; y < picture.getHeight(); y++) {
                for (int x = picture.getWidth() - MARGIN + 2; x < picture.getWidth(); x++) {
                    assertThat(picture.getRGB(x, y) & 0xFFFFFF).isEqualTo(0x14171C); // nothing beyond the margin
                }
            }
        }
        assertThat(heights).containsExactly(heights[0], heights[0] + 26, heights[0] + 26);
    }

    private static int pixels(BufferedImage picture, int color) {
        int found = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                found += (picture.getRGB(x, y) & 0xFFFFFF) == color ? 1 : 0;
            }
        }
        return found;
    }

    /** 40 x 30 x 20 voxels of 1 x 1 x 3 mm: the coronal slice is higher than wide. */
    @Test
    void lengthsAreTrue() {
        Volume volume = volume(Affine.scaling(1, 1, 3));
        BufferedImage picture =
                Preview.render(volume, new PreviewContent("", List.of(), PreviewContent.Prompt.NONE, null));
        assertThat(picture.getHeight()).isEqualTo(30 + SIDE + MARGIN + 26 + MARGIN / 2);
    }

    @Test
    void emptyMasksAndDamagedAffinesCanBeDrawn() {
        Volume volume = volume(Affine.scaling(0, 1, 1));
        Mask none = Mask.builder(SIZE).build();
        PreviewContent shown = new PreviewContent(
                "\u4e2d",
                List.of(new PreviewContent.Layer("none", none)),
                PreviewContent.Prompt.NONE,
                new VoxelPoint(39, 0, 19));
        assertThat(Preview.render(volume, shown).getWidth()).isEqualTo(1452);
    }

    @Test
    void wrongInputIsRefused() {
        Volume volume = volume(Affine.scaling(1, 1, 1));
        Mask other = Mask.builder(new GridSize(3, 3, 3)).set(0).build();
        PreviewContent wrongGrid = content(other, null);
        assertThatThrownBy(() -> Preview.render(volume, wrongGrid))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the grid of structure bright is 3x3x3, the volume's is 40x30x20");
        PreviewContent outside =
                new PreviewContent("", List.of(), PreviewContent.Prompt.NONE, new VoxelPoint(40, 0, 0));
        assertThatThrownBy(() -> Preview.render(volume, outside))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the centre 40,0,0 lies outside the volume of 40x30x20");
    }
}
