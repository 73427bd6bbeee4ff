package org.segvol.train;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/** Draws loss and Dice over the steps of a run, smoothed, on two axes. */
final class LossCurves {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 480;
    private static final int LEFT = 70;
    private static final int RIGHT = 70;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int POINTS = 300;
    private static final Color LOSS = new Color(0x1f5fa8);
    private static final Color DICE = new Color(0xc2571a);

    private LossCurves() {}

    /**
     * The picture.
     *
     * @param rows step, loss and Dice of every step; loss and Dice may be NaN
     */
    static BufferedImage paint(List<double[]> rows) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, WIDTH, HEIGHT);
            g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
            double[][] points = smooth(rows);
            double lastStep = rows.get(rows.size() - 1)[0], top = 0;
            for (double[] point : points) {
                top = Double.isNaN(point[1]) ? top : Math.max(top, point[1]);
            }
            axes(g, lastStep, top);
            curve(g, points, 1, lastStep, top, LOSS);
            curve(g, points, 2, lastStep, 1, DICE);
        } finally {
            g.dispose();
        }
        return image;
    }

    /** Means of equally many neighbouring steps. */
    private static double[][] smooth(List<double[]> rows) {
        int count = Math.min(POINTS, rows.size());
        double[][] points = new double[count][];
        for (int p = 0; p < count; p++) {
            int from = (int) ((long) p * rows.size() / count), to = (int) ((p + 1L) * rows.size() / count);
            List<double[]> some = rows.subList(from, to);
            points[p] = new double[] {rows.get(to - 1)[0], mean(some, 1), mean(some, 2)};
        }
        return points;
    }

    /** Mean of a column's numbers; NaN without any. */
    private static double mean(List<double[]> rows, int column) {
        return rows.stream()
                .mapToDouble(row -> row[column])
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    private static void axes(Graphics2D g, double lastStep, double top) {
        int bottom = HEIGHT - BOTTOM, right = WIDTH - RIGHT;
        for (int i = 0; i <= 5; i++) {
            int y = bottom - i * (bottom - TOP) / 5, x = LEFT + i * (right - LEFT) / 5;
            g.setColor(new Color(0xe4e4e4));
            g.drawLine(LEFT, y, right, y);
            g.setColor(LOSS);
            text(g, String.format(Locale.ROOT, "%.2f", top * i / 5), LEFT - 8, y + 5, 1);
            g.setColor(DICE);
            text(g, String.format(Locale.ROOT, "%.1f", i / 5.0), right + 8, y + 5, 0);
            g.setColor(Color.DARK_GRAY);
            text(g, String.format(Locale.ROOT, "%.0f", lastStep * i / 5), x, bottom + 20, 0.5);
        }
        g.setColor(LOSS);
        text(g, "loss", LEFT - 8, TOP - 16, 1);
        g.setColor(DICE);
        text(g, "Dice", right + 8, TOP - 16, 0);
        g.setColor(Color.DARK_GRAY);
        text(g, "step", (LEFT + right) / 2, bottom + 40, 0.5);
        g.drawRect(LEFT, TOP, right - LEFT, bottom - TOP);
    }

    private static void text(Graphics2D g, String text, int x, int y, double before) {
        g.drawString(text, (int) (x - before * g.getFontMetrics().stringWidth(text)), y);
    }

    private static void curve(Graphics2D g, double[][] points, int column, double lastStep, double top, Color color) {
        Path2D path = new Path2D.Double();
        boolean drawing = false;
        for (double[] point : points) {
            if (!Double.isNaN(point[column])) {
                double x = LEFT + point[0] / lastStep * (WIDTH - LEFT - RIGHT);
                double y = HEIGHT - BOTTOM - point[column] / Math.max(top, 1e-9) * (HEIGHT - TOP - BOTTOM);
                if (drawing) {
                    path.lineTo(x, y);
                } else {
                    path.moveTo(x, y);
                    drawing = true;
                }
            }
        }
        g.setColor(color);
        g.setStroke(new BasicStroke(2));
        g.draw(path);
    }
}
