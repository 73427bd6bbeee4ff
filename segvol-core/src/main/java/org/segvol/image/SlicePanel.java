package org.segvol.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;

/**
 * One slice as a picture of its own, to be put beside others: radiological convention, true in millimetres. The same input gives the same pixels.
 *
 * @param plane which of the three slices
 * @param centre the voxel through which it goes
 * @param shown the part of the volume to show, or null for all of it
 * @param layers structures, each outlined and tinted in its colour
 * @param marks drawn on top, in this order
 */
public record SlicePanel(SlicePlane plane, VoxelPoint centre, VoxelBox shown, List<Layer> layers, List<Mark> marks) {
    /**
     * A structure.
     *
     * @param mask its voxels, in the volume's grid
     * @param color its colour; a slice does not look at the colour's opacity
     */
    public record Layer(Mask mask, Color color) {}

    /** Something drawn on a slice. */
    public sealed interface Mark {}

    /**
     * A box; dashed where the slice does not meet it.
     *
     * @param box in stored voxels
     * @param color of its lines
     */
    public record Box(VoxelBox box, Color color) implements Mark {}

    /**
     * A click, as a cross; fainter where it lies on another slice.
     *
     * @param at the voxel
     * @param color of the cross
     */
    public record Click(VoxelPoint at, Color color) implements Mark {}

    /**
     * A word.
     *
     * @param text what it says
     * @param at where its middle is
     * @param color of its letters
     */
    public record Word(String text, VoxelPoint at, Color color) implements Mark {}

    /** Copies the lists. */
    public SlicePanel {
        Objects.requireNonNull(plane, "plane");
        Objects.requireNonNull(centre, "centre");
        layers = List.copyOf(layers);
        marks = List.copyOf(marks);
    }

    /**
     * Draws slices.
     *
     * @param volume the image; soft-tissue window for CT
     * @param panels slices of it
     * @param side pixels of the longer side of what is shown
     * @return an RGB picture for each
     * @throws IllegalArgumentException when the centre or the part lies outside the volume, or a mask has another grid
     */
    public static List<BufferedImage> render(Volume volume, List<SlicePanel> panels, int side) {
        DisplayWindow window = DisplayWindow.of(Intensities.of(volume.voxels()));
        return panels.stream().map(panel -> panel.render(volume, window, side)).toList();
    }

    private BufferedImage render(Volume volume, DisplayWindow window, int side) {
        require(volume.size());
        SliceView view = new SliceView(plane, volume.size(), volume.affine(), centre);
        VoxelBox part = shown == null ? whole(volume.size()) : shown;
        double columns = 1 + Math.abs(view.column(part.max()) - view.column(part.min()));
        double rows = 1 + Math.abs(view.row(part.max()) - view.row(part.min()));
        double partSide = Math.max(
                view.widthMillimetres() * columns / view.columns(), view.heightMillimetres() * rows / view.rows());
        double wholeSide = Math.max(view.widthMillimetres(), view.heightMillimetres());
        Rectangle2D cut = new Rectangle2D.Double(
                Math.min(view.column(part.min()), view.column(part.max())) / view.columns(),
                Math.min(view.row(part.min()), view.row(part.max())) / view.rows(),
                columns / view.columns(),
                rows / view.rows());
        SlicePainter painter = new SlicePainter(view, (int) Math.round(side * wholeSide / partSide), cut);
        painter.paintVoxels(volume.voxels(), window);
        layers.forEach(layer -> painter.paintMask(layer.mask(), layer.color()));
        Graphics2D g = painter.picture().createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        marks.forEach(mark -> paint(painter, g, mark));
        g.dispose();
        return painter.picture();
    }

    private void require(GridSize size) {
        if (!size.contains(centre)) {
            throw new IllegalArgumentException("the centre " + centre + " lies outside the volume of " + size);
        }
        if (shown != null && !(size.contains(shown.min()) && size.contains(shown.max()))) {
            throw new IllegalArgumentException("the part " + shown + " lies outside the volume of " + size);
        }
        for (Layer layer : layers) {
            if (!layer.mask().size().equals(size)) {
                throw new IllegalArgumentException(
                        "a mask's grid is " + layer.mask().size() + ", the volume's is " + size);
            }
        }
    }

    private static VoxelBox whole(GridSize size) {
        return VoxelBox.of(0, 0, 0, size.ni() - 1, size.nj() - 1, size.nk() - 1);
    }

    private static void paint(SlicePainter painter, Graphics2D g, Mark mark) {
        if (mark instanceof Box box) {
            painter.paintBox(g, box.box(), box.color());
        } else if (mark instanceof Click click) {
            painter.paintPoint(g, click.at(), click.color(), true);
        } else if (mark instanceof Word word) {
            painter.paintWord(g, word.text(), word.at(), word.color());
        }
    }
}
