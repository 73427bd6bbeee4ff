package org.segvol.image;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Locale;

/** Paints one slice with its structures, prompt, directions and scale. */
final class SlicePainter {
    private static final Color HALO = new Color(0, 0, 0, 150);
    private static final Color WORD_HALO = new Color(0, 0, 0, 200);
    private static final Color LETTER = new Color(0xF4D35E);
    private static final Color BAR = new Color(0xE8EAED);
    private static final Color BOX = new Color(0xFFD23F);
    private static final Color INSIDE = new Color(0x3DDC84);
    private static final Color OUTSIDE = new Color(0xFF4D4D);
    private static final double FILL = 0.18;
    private static final double PEN = 1.15;
    private static final int LETTER_HEIGHT = 12;
    private static final int LABEL_HEIGHT = 9;

    private final SliceView view;
    private final int width;
    private final int height;
    private final Rectangle part;
    private final BufferedImage picture;

    /** A picture of the slice, as large as fits into a square of {@code side} pixels. */
    SlicePainter(SliceView view, int side) {
        this(view, side, new Rectangle2D.Double(0, 0, 1, 1));
    }

    /**
     * A picture of a part of the slice; what lies beside it takes neither time nor memory.
     *
     * @param side pixels of the longer side that the whole slice would have
     * @param part what is painted, as a share of the slice's columns and rows
     */
    SlicePainter(SliceView view, int side, Rectangle2D part) {
        this.view = view;
        double scale = side / Math.max(view.widthMillimetres(), view.heightMillimetres());
        width = Math.max(2, (int) Math.round(view.widthMillimetres() * scale));
        height = Math.max(2, (int) Math.round(view.heightMillimetres() * scale));
        int x = (int) Math.round(part.getX() * width), y = (int) Math.round(part.getY() * height);
        this.part = new Rectangle(
                x,
                y,
                Math.max(1, Math.min(width - x, (int) Math.round(part.getWidth() * width))),
                Math.max(1, Math.min(height - y, (int) Math.round(part.getHeight() * height))));
        picture = new BufferedImage(this.part.width, this.part.height, BufferedImage.TYPE_INT_RGB);
    }

    BufferedImage picture() {
        return picture;
    }

    void paintVoxels(Voxels voxels, DisplayWindow window) {
        float[] values = SliceSampler.of(view, voxels::get).resample(width, height, part);
        for (int n = 0; n < values.length; n++) {
            int grey = (int) Math.round(255 * window.brightness(values[n]));
            picture.setRGB(n % part.width, n / part.width, grey << 16 | grey << 8 | grey);
        }
    }

    /** Tints a structure and draws a smooth line around it. */
    void paintMask(Mask mask, Color color) {
        float[] share = SliceSampler.of(view, index -> mask.get(index) ? 1 : 0).resample(width, height, part);
        int w = part.width, h = part.height;
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                float here = share[y * w + x];
                double dx = share[y * w + Math.min(x + 1, w - 1)] - share[y * w + Math.max(x - 1, 0)];
                double dy = share[Math.min(y + 1, h - 1) * w + x] - share[Math.max(y - 1, 0) * w + x];
                double slope = Math.sqrt(dx * dx + dy * dy) / 2;
                // pixels to the line where the share is one half
                double distance = slope > 0 ? Math.abs(here - 0.5) / slope : Double.POSITIVE_INFINITY;
                double line = Math.min(1, Math.max(0, PEN + 0.5 - distance));
                double cover = Math.max(line, here > 0.5 ? FILL : 0);
                if (cover > 0) {
                    picture.setRGB(x, y, blend(picture.getRGB(x, y), color, cover));
                }
            }
        }
    }

    private static int blend(int below, Color color, double cover) {
        int red = (int) Math.round((below >> 16 & 255) * (1 - cover) + color.getRed() * cover);
        int green = (int) Math.round((below >> 8 & 255) * (1 - cover) + color.getGreen() * cover);
        int blue = (int) Math.round((below & 255) * (1 - cover) + color.getBlue() * cover);
        return red << 16 | green << 8 | blue;
    }

    void paintPrompt(Graphics2D g, PreviewContent.Prompt prompt) {
        if (prompt.box() != null) {
            paintBox(g, prompt.box(), BOX);
        }
        prompt.negative().forEach(point -> paintPoint(g, point, OUTSIDE, false));
        prompt.positive().forEach(point -> paintPoint(g, point, INSIDE, true));
    }

    /** Dashed where the slice does not meet the box. */
    void paintBox(Graphics2D g, VoxelBox box, Color color) {
        double x0 = Math.min(view.column(box.min()), view.column(box.max()));
        double x1 = Math.max(view.column(box.min()), view.column(box.max())) + 1;
        double y0 = Math.min(view.row(box.min()), view.row(box.max()));
        double y1 = Math.max(view.row(box.min()), view.row(box.max())) + 1;
        boolean met = view.slice() >= view.depth(box.min()) && view.slice() <= view.depth(box.max());
        double sx = (double) width / view.columns();
        double sy = (double) height / view.rows();
        Rectangle2D outline =
                new Rectangle2D.Double(x0 * sx - part.x, y0 * sy - part.y, (x1 - x0) * sx - 1, (y1 - y0) * sy - 1);
        float[] dash = met ? null : new float[] {5, 5};
        g.setColor(HALO);
        g.setStroke(new BasicStroke(3.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dash, 0));
        g.draw(outline);
        g.setColor(color);
        g.setStroke(new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dash, 0));
        g.draw(outline);
    }

    /** Fainter where the point lies on another slice. */
    void paintPoint(Graphics2D g, VoxelPoint p, Color color, boolean plus) {
        boolean met = Math.abs(view.depth(p) - view.slice()) <= 1;
        double x = x(p);
        double y = y(p);
        Color pen = met ? color : new Color(color.getRed(), color.getGreen(), color.getBlue(), 110);
        for (int pass = 0; pass < 2; pass++) {
            g.setColor(pass == 0 ? HALO : pen);
            g.setStroke(new BasicStroke(pass == 0 ? 5f : 2.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            g.draw(new Line2D.Double(x - 6, y, x + 6, y));
            if (plus) {
                g.draw(new Line2D.Double(x, y - 6, x, y + 6));
            }
        }
    }

    /** A word with its middle at a voxel, moved so that it lies in the picture. */
    void paintWord(Graphics2D g, String word, VoxelPoint at, Color color) {
        double wide = StrokeFont.width(word, LABEL_HEIGHT);
        double left = Math.max(4, Math.min(x(at) - wide / 2, part.width - wide - 4));
        double base = Math.max(LABEL_HEIGHT + 4, Math.min(y(at) + LABEL_HEIGHT / 2.0, part.height - 4));
        StrokeFont.draw(g, word, left, base, LABEL_HEIGHT, color, WORD_HALO);
    }

    /** The pixel column, fractional, of a voxel's middle. */
    double x(VoxelPoint p) {
        return (view.column(p) + 0.5) * width / view.columns() - part.x;
    }

    /** The pixel row, fractional, of a voxel's middle. */
    double y(VoxelPoint p) {
        return (view.row(p) + 0.5) * height / view.rows() - part.y;
    }

    void paintDirections(Graphics2D g) {
        String letters = view.letters();
        double w = StrokeFont.width("R", LETTER_HEIGHT);
        double middle = (height + LETTER_HEIGHT) / 2.0;
        letter(g, letters.substring(0, 1), 7, middle);
        letter(g, letters.substring(1, 2), width - w - 7, middle);
        letter(g, letters.substring(2, 3), (width - w) / 2, LETTER_HEIGHT + 7.0);
        letter(g, letters.substring(3, 4), (width - w) / 2, height - 8.0);
    }

    private static void letter(Graphics2D g, String letter, double x, double y) {
        StrokeFont.draw(g, letter, x, y, LETTER_HEIGHT, LETTER, HALO);
    }

    /** A bar of a round number of millimetres, at most 3 tenths of the picture. */
    void paintScale(Graphics2D g) {
        double pixels = width / view.widthMillimetres();
        double longest = 0.3 * view.widthMillimetres();
        double length = Math.pow(10, Math.floor(Math.log10(longest)));
        length *= longest >= 5 * length ? 5 : longest >= 2 * length ? 2 : 1;
        double x = width - 10 - length * pixels;
        double y = height - 10;
        for (int pass = 0; pass < 2; pass++) {
            g.setColor(pass == 0 ? HALO : BAR);
            g.setStroke(new BasicStroke(pass == 0 ? 4.5f : 2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
            g.draw(new Line2D.Double(x, y, width - 10, y));
            g.draw(new Line2D.Double(x, y - 4, x, y + 1));
            g.draw(new Line2D.Double(width - 10, y - 4, width - 10, y + 1));
        }
        String label =
                (length >= 1 ? String.valueOf(Math.round(length)) : String.format(Locale.ROOT, "%.3g", length)) + " mm";
        double at = Math.max(4, width - 10 - length * pixels / 2 - StrokeFont.width(label, LABEL_HEIGHT) / 2);
        StrokeFont.draw(
                g,
                label,
                Math.min(at, width - 6 - StrokeFont.width(label, LABEL_HEIGHT)),
                y - 8,
                LABEL_HEIGHT,
                BAR,
                HALO);
    }
}
