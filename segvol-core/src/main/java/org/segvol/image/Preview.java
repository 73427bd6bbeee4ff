package org.segvol.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A picture of a result: an axial, a coronal and a sagittal slice in radiological convention (the patient's right on the left), true in
 * millimetres, with the structures outlined and the prompt drawn. The same input gives the same pixels; no fonts or screen are needed.
 */
public final class Preview {
    private static final int SIDE = 460;
    private static final int MARGIN = 18;
    private static final int HEADING = 30;
    private static final int LINE = 26;
    private static final int TEXT_HEIGHT = 11;
    private static final int TITLE_HEIGHT = 14;
    private static final int WORDS_APART = 24;
    private static final int ENTRY_MARGINS = 47;
    private static final Color BACKGROUND = new Color(0x14171C);
    private static final Color TEXT = new Color(0xE8EAED);
    private static final Color FAINT = new Color(0x9AA3AE);
    private static final List<Color> COLORS = List.of(
            new Color(0x2FD6C3),
            new Color(0xFF9F43),
            new Color(0xE879F9),
            new Color(0x5AA9FF),
            new Color(0xB4E051),
            new Color(0xFF6B81),
            new Color(0xC7A6FF),
            new Color(0xFFE08A));

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private final Volume volume;
    private final PreviewContent content;
    private final DisplayWindow window;

    private Preview(Volume volume, PreviewContent content) {
        this.volume = volume;
        this.content = content;
        this.window = DisplayWindow.of(Intensities.of(volume.voxels()));
    }

    /**
     * Draws a preview.
     *
     * @param volume the image
     * @param content what to show on it; masks are in the volume's grid
     * @return an RGB picture about 1450 pixels wide
     * @throws IllegalArgumentException when a mask has another grid, or the centre lies outside the volume
     */
    public static BufferedImage render(Volume volume, PreviewContent content) {
        for (PreviewContent.Layer layer : content.layers()) {
            if (!layer.mask().size().equals(volume.size())) {
                throw new IllegalArgumentException("the grid of structure " + layer.name() + " is "
                        + layer.mask().size() + ", the volume's is " + volume.size());
            }
        }
        if (content.centre() != null && !volume.size().contains(content.centre())) {
            throw new IllegalArgumentException(
                    "the centre " + content.centre() + " lies outside the volume of " + volume.size());
        }
        return new Preview(volume, content).render();
    }

    private BufferedImage render() {
        VoxelPoint centre = centre();
        List<SliceView> views = new ArrayList<>();
        List<BufferedImage> slices = new ArrayList<>();
        int tallest = 0;
        for (SlicePlane plane : SlicePlane.values()) {
            SliceView view = new SliceView(plane, volume.size(), volume.affine(), centre);
            BufferedImage slice = slice(view);
            views.add(view);
            slices.add(slice);
            tallest = Math.max(tallest, slice.getHeight());
        }
        int width = 3 * SIDE + 4 * MARGIN;
        List<List<Entry>> legend = legend(width - 2 * MARGIN);
        int captionTop = HEADING + tallest + MARGIN;
        int height = captionTop + LINE * ((promptBelow(width) ? 2 : 1) + legend.size()) + MARGIN / 2;
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = graphics(picture);
        g.setColor(BACKGROUND);
        g.fillRect(0, 0, width, height);
        for (int n = 0; n < slices.size(); n++) {
            BufferedImage slice = slices.get(n);
            int left = MARGIN + n * (SIDE + MARGIN);
            heading(g, views.get(n), left);
            g.drawImage(slice, left + (SIDE - slice.getWidth()) / 2, HEADING + (tallest - slice.getHeight()) / 2, null);
        }
        caption(g, captionTop, width, legend);
        g.dispose();
        return picture;
    }

    private static Graphics2D graphics(BufferedImage picture) {
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        return g;
    }

    private BufferedImage slice(SliceView view) {
        SlicePainter painter = new SlicePainter(view, SIDE);
        painter.paintVoxels(volume.voxels(), window);
        for (int n = 0; n < content.layers().size(); n++) {
            painter.paintMask(content.layers().get(n).mask(), color(n));
        }
        Graphics2D g = graphics(painter.picture());
        painter.paintPrompt(g, content.prompt());
        painter.paintDirections(g);
        painter.paintScale(g);
        g.dispose();
        return painter.picture();
    }

    /** Those of the list, then darker ones with hues a golden section of the circle apart, so that no two are equal. */
    private static Color color(int layer) {
        return layer < COLORS.size() ? COLORS.get(layer) : Color.getHSBColor((float) (layer * GOLDEN % 1), 0.9f, 0.8f);
    }

    private static void heading(Graphics2D g, SliceView view, int left) {
        String name = view.plane().name().toLowerCase(Locale.ROOT);
        StrokeFont.draw(g, name, left, HEADING - 10, TEXT_HEIGHT, TEXT, null);
        String place = "slice " + view.slice() + " of 0-" + (view.slices() - 1);
        double x = left + StrokeFont.width(name, TEXT_HEIGHT) + 14;
        StrokeFont.draw(g, place, x, HEADING - 10, TEXT_HEIGHT - 1, FAINT, null);
    }

    private void caption(Graphics2D g, int top, int width, List<List<Entry>> legend) {
        int base = top + TITLE_HEIGHT;
        double right = width - MARGIN - StrokeFont.width(window.describe(), TEXT_HEIGHT - 1);
        StrokeFont.draw(g, window.describe(), right, base, TEXT_HEIGHT - 1, FAINT, null);
        String title = cut(content.title(), TITLE_HEIGHT, right - WORDS_APART - MARGIN);
        StrokeFont.draw(g, title, MARGIN, base, TITLE_HEIGHT, TEXT, null);
        if (promptBelow(width)) {
            base += LINE;
            String asked = cut(asked(), TEXT_HEIGHT, width - 2.0 * MARGIN);
            StrokeFont.draw(g, asked, MARGIN, base, TEXT_HEIGHT, FAINT, null);
        } else {
            double x = MARGIN + StrokeFont.width(title, TITLE_HEIGHT) + WORDS_APART;
            StrokeFont.draw(g, asked(), x, base, TEXT_HEIGHT, FAINT, null);
        }
        for (List<Entry> line : legend) {
            base += LINE;
            double x = MARGIN;
            for (Entry entry : line) {
                g.setColor(entry.color());
                g.fill(new RoundRectangle2D.Double(x, base - TEXT_HEIGHT - 1, 13, 13, 4, 4));
                StrokeFont.draw(g, entry.text(), x + 21, base, TEXT_HEIGHT, TEXT, null);
                x += entry.width();
            }
        }
    }

    private String asked() {
        String asked = content.prompt().describe();
        return asked.isEmpty() ? "" : "prompt: " + asked;
    }

    /** Whether the prompt gets a line of its own, because the title's has no room for it. */
    private boolean promptBelow(int width) {
        double words = StrokeFont.width(content.title(), TITLE_HEIGHT)
                + StrokeFont.width(asked(), TEXT_HEIGHT)
                + StrokeFont.width(window.describe(), TEXT_HEIGHT - 1);
        return !asked().isEmpty() && words + 2 * WORDS_APART > width - 2 * MARGIN;
    }

    /** As much of a text as there is room for. */
    private static String cut(String text, int height, double room) {
        String cut = text;
        for (int n = text.length() - 1; n > 0 && StrokeFont.width(cut, height) > room; n--) {
            cut = text.substring(0, n) + "...";
        }
        return cut;
    }

    /** One structure in the caption. */
    private record Entry(Color color, String text) {
        double width() {
            return StrokeFont.width(text, TEXT_HEIGHT) + ENTRY_MARGINS;
        }
    }

    private List<List<Entry>> legend(int room) {
        List<List<Entry>> lines = new ArrayList<>();
        double used = Double.POSITIVE_INFINITY;
        for (int n = 0; n < content.layers().size(); n++) {
            PreviewContent.Layer layer = content.layers().get(n);
            double volumeMl = layer.mask().volumeMillilitres(volume.affine());
            String size = layer.mask().isEmpty()
                    ? "empty"
                    : String.format(Locale.ROOT, volumeMl < 10 ? "%.2f ml" : "%.1f ml", volumeMl);
            String name =
                    cut(layer.name(), TEXT_HEIGHT, room - ENTRY_MARGINS - StrokeFont.width("  " + size, TEXT_HEIGHT));
            Entry entry = new Entry(color(n), name + "  " + size);
            if (used + entry.width() > room) {
                lines.add(new ArrayList<>());
                used = 0;
            }
            lines.get(lines.size() - 1).add(entry);
            used += entry.width();
        }
        return lines;
    }

    private VoxelPoint centre() {
        if (content.centre() != null) {
            return content.centre();
        }
        double n = 0;
        double[] sum = new double[3];
        for (PreviewContent.Layer layer : content.layers()) {
            double[] c = layer.mask().centroid();
            if (c != null) {
                double count = layer.mask().count();
                n += count;
                for (int axis = 0; axis < 3; axis++) {
                    sum[axis] += c[axis] * count;
                }
            }
        }
        if (n > 0) {
            return new VoxelPoint(
                    (int) Math.rint(sum[0] / n), (int) Math.rint(sum[1] / n), (int) Math.rint(sum[2] / n));
        }
        return withoutStructures();
    }

    private VoxelPoint withoutStructures() {
        PreviewContent.Prompt prompt = content.prompt();
        GridSize size = volume.size();
        VoxelPoint wanted = new VoxelPoint(size.ni() / 2, size.nj() / 2, size.nk() / 2);
        if (!prompt.positive().isEmpty()) {
            wanted = prompt.positive().get(0);
        } else if (prompt.box() != null) {
            VoxelPoint a = prompt.box().min();
            VoxelPoint b = prompt.box().max();
            wanted = new VoxelPoint((a.i() + b.i()) / 2, (a.j() + b.j()) / 2, (a.k() + b.k()) / 2);
        }
        return new VoxelPoint(
                Math.min(Math.max(wanted.i(), 0), size.ni() - 1),
                Math.min(Math.max(wanted.j(), 0), size.nj() - 1),
                Math.min(Math.max(wanted.k(), 0), size.nk() - 1));
    }
}
