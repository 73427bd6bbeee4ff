package org.segvol.evaluate;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.segvol.image.StrokeFont;

/**
 * Draws violins: the outline is the density of the values, the bar spans the quartiles, the dot is the median, small dots are single values
 * where there are few. The same input gives the same pixels; no fonts or screen are needed.
 */
public final class ViolinPlot {
    private static final int VIOLIN = 34;
    private static final int GROUP_GAP = 26;
    private static final int LEFT = 78;
    private static final int RIGHT = 24;
    private static final int HEAD = 72;
    private static final int PANEL = 300;
    private static final int NAMES = 40;
    private static final int WIDEST = 1500;
    private static final int NARROWEST = 560;
    private static final int FEW = 40;
    private static final double TEXT = 10;
    private static final Color INK = new Color(0x22272E);
    private static final Color FAINT = new Color(0x6B7580);
    private static final Color GRID = new Color(0xE3E7EB);
    private static final List<Color> COLORS = List.of(
            new Color(0x3B82C4),
            new Color(0xE08A2E),
            new Color(0x3F9C6B),
            new Color(0xB4538F),
            new Color(0x7C6BD0),
            new Color(0xC2574B),
            new Color(0x4FA3A8),
            new Color(0x97863B));

    private final ViolinChart chart;
    private final int groupWidth;
    private final int perRow;
    private final int width;
    private final int height;

    private ViolinPlot(ViolinChart chart) {
        this.chart = chart;
        int widestName = chart.groups().stream()
                .mapToInt(group -> (int) Math.ceil(StrokeFont.width(group.name(), TEXT)) + 14)
                .max()
                .orElse(0);
        this.groupWidth = Math.max(chart.series().size() * VIOLIN + GROUP_GAP, widestName);
        int all = chart.groups().size(), fitting = Math.max(1, (WIDEST - LEFT - RIGHT) / groupWidth);
        int rows = (all + fitting - 1) / fitting;
        this.perRow = (all + rows - 1) / rows; // rows of about one length
        int titles = (int) StrokeFont.width(chart.title(), TEXT + 4) + LEFT + RIGHT;
        this.width = Math.max(Math.max(NARROWEST, Math.max(titles, legendWidth())), LEFT + perRow * groupWidth + RIGHT);
        this.height = HEAD + rows * (PANEL + NAMES) + 8;
    }

    /** The picture: RGB, dark on white, at most about 1500 pixels wide; groups that do not fit go on in a second row. */
    public static BufferedImage render(ViolinChart chart) {
        return new ViolinPlot(chart).render();
    }

    private BufferedImage render() {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        StrokeFont.draw(g, chart.title(), LEFT, 28, TEXT + 4, INK, null);
        legend(g);
        List<ViolinChart.Group> groups = chart.groups();
        for (int first = 0, top = HEAD; first < groups.size(); first += perRow, top += PANEL + NAMES) {
            panel(g, groups.subList(first, Math.min(groups.size(), first + perRow)), top);
        }
        g.dispose();
        return picture;
    }

    private int legendWidth() {
        int x = LEFT + RIGHT;
        for (String name : chart.series()) {
            x += (int) StrokeFont.width(name, TEXT) + 40;
        }
        return x;
    }

    private void legend(Graphics2D g) {
        double x = LEFT;
        for (int s = 0; s < chart.series().size(); s++) {
            String name = chart.series().get(s);
            g.setColor(color(s));
            g.fill(new Rectangle2D.Double(x, 41, 11, 11));
            StrokeFont.draw(g, name, x + 17, 51, TEXT, INK, null);
            x += StrokeFont.width(name, TEXT) + 40;
        }
    }

    private static Color color(int series) {
        return COLORS.get(series % COLORS.size());
    }

    private void panel(Graphics2D g, List<ViolinChart.Group> groups, int top) {
        int right = LEFT + groups.size() * groupWidth;
        for (int tick = 0; tick <= 10; tick += 2) {
            double y = y(top, tick / 10.0);
            g.setColor(GRID);
            g.setStroke(new BasicStroke(1));
            g.draw(new Line2D.Double(LEFT, y, right, y));
            String label = String.format(Locale.ROOT, "%.1f", tick / 10.0);
            StrokeFont.draw(g, label, LEFT - 10 - StrokeFont.width(label, TEXT), y + TEXT / 2, TEXT, FAINT, null);
        }
        axisName(g, top);
        for (int n = 0; n < groups.size(); n++) {
            ViolinChart.Group group = groups.get(n);
            double middle = LEFT + (n + 0.5) * groupWidth;
            for (int s = 0; s < group.samples().size(); s++) {
                double x = middle + (s - (group.samples().size() - 1) / 2.0) * VIOLIN;
                violin(g, group.samples().get(s), x, top, color(s));
            }
            double half = StrokeFont.width(group.name(), TEXT) / 2;
            StrokeFont.draw(g, group.name(), middle - half, top + PANEL + 8, TEXT, INK, null);
        }
    }

    private void axisName(Graphics2D g, int top) {
        Graphics2D turned = (Graphics2D) g.create();
        turned.rotate(-Math.PI / 2, 24, (y(top, 0) + y(top, 1)) / 2);
        double half = StrokeFont.width(chart.axis(), TEXT) / 2;
        StrokeFont.draw(turned, chart.axis(), 24 - half, (y(top, 0) + y(top, 1)) / 2, TEXT, FAINT, null);
        turned.dispose();
    }

    private static double y(int top, double value) {
        return top + PANEL - 16 - value * (PANEL - 30);
    }

    private static void violin(Graphics2D g, double[] sample, double x, int top, Color color) {
        if (sample.length == 0) {
            return;
        }
        if (sample.length > 2) {
            outline(g, Density.of(sample), x, top, color);
        }
        if (sample.length <= FEW) {
            dots(g, sample, x, top, color);
        }
        Quartiles quartiles = Quartiles.of(sample);
        g.setColor(INK);
        g.setStroke(new BasicStroke(4, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(new Line2D.Double(x, y(top, quartiles.lower()), x, y(top, quartiles.upper())));
        double y = y(top, quartiles.median());
        g.fill(new Ellipse2D.Double(x - 4.5, y - 4.5, 9, 9));
        g.setColor(sample.length > 2 ? Color.WHITE : color);
        g.fill(new Ellipse2D.Double(x - 2.5, y - 2.5, 5, 5));
    }

    private static void outline(Graphics2D g, Density density, double x, int top, Color color) {
        Path2D path = new Path2D.Double();
        double[] heights = density.heights();
        double widest = VIOLIN * 0.46;
        for (int n = 0; n < 2 * heights.length; n++) {
            int place = n < heights.length ? n : 2 * heights.length - 1 - n;
            double value = density.from() + (density.to() - density.from()) * place / (heights.length - 1);
            double side = (n < heights.length ? 1 : -1) * widest * heights[place];
            if (n == 0) {
                path.moveTo(x + side, y(top, value));
            } else {
                path.lineTo(x + side, y(top, value));
            }
        }
        path.closePath();
        g.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 90));
        g.fill(path);
        g.setColor(color);
        g.setStroke(new BasicStroke(1.3f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(path);
    }

    /** Single values, spread a little sideways in the order in which they came. */
    private static void dots(Graphics2D g, double[] sample, double x, int top, Color color) {
        g.setColor(color);
        for (int n = 0; n < sample.length; n++) {
            double aside = sample.length == 1 ? 0 : (n * 7 % 11 - 5) * VIOLIN * 0.03;
            g.fill(new Ellipse2D.Double(x + aside - 1.8, y(top, sample[n]) - 1.8, 3.6, 3.6));
        }
    }
}
