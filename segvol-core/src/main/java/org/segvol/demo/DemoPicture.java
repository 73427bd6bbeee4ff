package org.segvol.demo;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.segvol.Prompt;
import org.segvol.image.Mask;
import org.segvol.image.SlicePanel;
import org.segvol.image.SlicePlane;
import org.segvol.image.StrokeFont;
import org.segvol.image.SurfaceView;
import org.segvol.image.Volume;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;

/**
 * A demonstration as one picture: a column for the labels and one for each kind of prompt, in each the bodies, a coronal and an axial slice with the prompts
 * drawn, and the Dice of every structure. The same demonstration gives the same pixels; no fonts or screen are needed.
 */
public final class DemoPicture {
    private static final int COLUMN = 286;
    private static final int GAP = 14;
    private static final int MARGIN = 22;
    private static final int HEAD = 84;
    private static final int NAMES = 46;
    private static final int BODIES = 330;
    private static final int LINE = 23;
    private static final int TEXT = 10;
    private static final Color BACKGROUND = new Color(0x14171C);
    private static final Color CARD = new Color(0x1C2027);
    private static final Color INK = new Color(0xE8EAED);
    private static final Color FAINT = new Color(0x9AA3AE);
    private static final Color TRACK = new Color(0x2B313A);

    private final Demonstration demo;
    private final String subtitle;
    private final Volume volume;
    private final VoxelPoint centre;

    private DemoPicture(Demonstration demo, String subtitle) {
        this.demo = demo;
        this.subtitle = subtitle;
        this.volume = demo.phantom().image();
        this.centre = new VoxelPoint(fullest(demo.labels(), 0), fullest(demo.labels(), 1), fullest(demo.labels(), 2));
    }

    /**
     * The picture: RGB, about 1500 pixels wide.
     *
     * @param demo what it shows
     * @param subtitle one line about it, such as which weights were used
     */
    public static BufferedImage render(Demonstration demo, String subtitle) {
        return new DemoPicture(demo, subtitle).render();
    }

    /** The slice along a stored axis that cuts most structures well. */
    private static int fullest(List<Mask> masks, int axis) {
        int sides = masks.get(0).size().side(axis);
        double[] score = new double[sides];
        for (Mask mask : masks) {
            long[] cut = new long[sides];
            for (int at = mask.nextSet(0); at >= 0; at = mask.nextSet(at + 1)) {
                cut[mask.size().point(at).get(axis)]++;
            }
            long largest = 1;
            for (long voxels : cut) {
                largest = Math.max(largest, voxels);
            }
            for (int n = 0; n < sides; n++) {
                score[n] += Math.sqrt((double) cut[n] / largest);
            }
        }
        int best = 0;
        for (int n = 1; n < sides; n++) {
            best = score[n] > score[best] ? n : best;
        }
        return best;
    }

    private BufferedImage render() {
        List<Mask> labels = demo.labels();
        List<SlicePanel> panels = new ArrayList<>();
        for (int column = 0; column < 5; column++) {
            Demonstration.Round round = column == 0 ? null : demo.rounds().get(column - 1);
            panels.add(slice(SlicePlane.CORONAL, round));
            panels.add(slice(SlicePlane.AXIAL, round));
        }
        List<BufferedImage> slices = SlicePanel.render(volume, panels, COLUMN - 16);
        int coronal = HEAD + NAMES + BODIES + GAP,
                axial = coronal + slices.get(0).getHeight() + GAP;
        int table = axial + slices.get(1).getHeight() + GAP;
        int width = 2 * MARGIN + 5 * COLUMN + 4 * GAP;
        int height = table + LINE * labels.size() + 2 * MARGIN;
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setColor(BACKGROUND);
        g.fillRect(0, 0, width, height);
        heading(g, width);
        for (int column = 0; column < 5; column++) {
            int left = MARGIN + column * (COLUMN + GAP);
            Demonstration.Round round = column == 0 ? null : demo.rounds().get(column - 1);
            List<Mask> masks = round == null ? labels : round.masks();
            g.setColor(CARD);
            g.fill(new RoundRectangle2D.Double(left, HEAD, COLUMN, height - HEAD - MARGIN, 14, 14));
            name(g, round, left);
            g.drawImage(
                    SurfaceView.render(volume, layers(masks), bounds(), COLUMN - 16, BODIES, CARD),
                    left + 8,
                    HEAD + NAMES,
                    null);
            middle(g, slices.get(2 * column), left, coronal);
            middle(g, slices.get(2 * column + 1), left, axial);
            for (int n = 0; n < labels.size(); n++) {
                score(g, round, n, left, table + (n + 1) * LINE);
            }
        }
        g.dispose();
        return picture;
    }

    /** What all labels together span. */
    private VoxelBox bounds() {
        VoxelBox all = demo.labels().get(0).bounds();
        for (Mask label : demo.labels()) {
            VoxelBox own = label.bounds();
            all = VoxelBox.of(
                    Math.min(all.min().i(), own.min().i()),
                    Math.min(all.min().j(), own.min().j()),
                    Math.min(all.min().k(), own.min().k()),
                    Math.max(all.max().i(), own.max().i()),
                    Math.max(all.max().j(), own.max().j()),
                    Math.max(all.max().k(), own.max().k()));
        }
        return all;
    }

    private static void middle(Graphics2D g, BufferedImage slice, int left, int top) {
        g.drawImage(slice, left + (COLUMN - slice.getWidth()) / 2, top, null);
    }

    private void heading(Graphics2D g, int width) {
        StrokeFont.draw(g, "One CT, ten structures, four ways to ask for them", MARGIN, MARGIN + 18, 18, INK, null);
        StrokeFont.draw(g, subtitle, MARGIN, MARGIN + 43, 11, FAINT, null);
        String program = "SegVol for the JVM";
        StrokeFont.draw(g, program, width - MARGIN - StrokeFont.width(program, 12), MARGIN + 15, 12, FAINT, null);
    }

    private static void name(Graphics2D g, Demonstration.Round round, int left) {
        String name = round == null
                ? "the truth"
                : switch (round.kind()) {
                    case TEXT -> "by a word";
                    case BOX -> "by a box";
                    case POINT -> "by one click";
                    default -> "by a word and a box";
                };
        StrokeFont.draw(g, name, left + 12, HEAD + 27, 14, INK, null);
        if (round != null) {
            String mean = String.format(Locale.ROOT, "%.1f s", round.seconds());
            StrokeFont.draw(g, mean, left + COLUMN - 12 - StrokeFont.width(mean, TEXT), HEAD + 26, TEXT, FAINT, null);
        }
    }

    private List<SlicePanel.Layer> layers(List<Mask> masks) {
        List<SlicePanel.Layer> layers = new ArrayList<>();
        for (int n = 0; n < masks.size(); n++) {
            layers.add(new SlicePanel.Layer(
                    masks.get(n), StructureColors.of(demo.structures().get(n))));
        }
        return layers;
    }

    private SlicePanel slice(SlicePlane plane, Demonstration.Round round) {
        List<Mask> masks = round == null ? demo.labels() : round.masks();
        return new SlicePanel(plane, centre, null, layers(masks), marks(round, plane, masks));
    }

    /** The prompts of a round as far as they show on a slice. */
    private List<SlicePanel.Mark> marks(Demonstration.Round round, SlicePlane plane, List<Mask> masks) {
        List<SlicePanel.Mark> marks = new ArrayList<>();
        if (round == null) {
            return marks;
        }
        int axis = plane.storedAxis(volume.affine()), at = centre.get(axis);
        for (int n = 0; n < masks.size(); n++) {
            Prompt prompt = round.prompts().get(n);
            Color color = StructureColors.opaque(demo.structures().get(n));
            if (prompt.box() != null
                    && prompt.box().min().get(axis) <= at
                    && prompt.box().max().get(axis) >= at) {
                marks.add(new SlicePanel.Box(prompt.box(), color));
            }
            prompt.clicks().forEach(click -> marks.add(new SlicePanel.Click(click.at(), color)));
        }
        for (int n = 0; n < masks.size(); n++) {
            String text = round.prompts().get(n).text();
            VoxelPoint middle = text == null ? null : middleOfSlice(masks.get(n), axis, at);
            if (middle != null) {
                marks.add(new SlicePanel.Word(text, middle, INK));
            }
        }
        return marks;
    }

    private static VoxelPoint middleOfSlice(Mask mask, int axis, int slice) {
        long n = 0;
        double[] sum = new double[3];
        for (int at = mask.nextSet(0); at >= 0; at = mask.nextSet(at + 1)) {
            VoxelPoint p = mask.size().point(at);
            if (p.get(axis) == slice) {
                n++;
                for (int a = 0; a < 3; a++) {
                    sum[a] += p.get(a);
                }
            }
        }
        return n < 30 ? null : new VoxelPoint((int) (sum[0] / n), (int) (sum[1] / n), (int) (sum[2] / n));
    }

    /** One structure's line: its name, or a bar as long as its Dice. */
    private void score(Graphics2D g, Demonstration.Round round, int n, int left, int base) {
        Color color = StructureColors.opaque(demo.structures().get(n));
        if (round == null) {
            g.setColor(color);
            g.fill(new Ellipse2D.Double(left + 14, base - TEXT - 1, 12, 12));
            StrokeFont.draw(g, demo.structures().get(n).title(), left + 36, base, TEXT, INK, null);
            String title = "Dice";
            if (n == 0) {
                StrokeFont.draw(g, title, left + COLUMN - 14 - StrokeFont.width(title, TEXT), base, TEXT, FAINT, null);
            }
            return;
        }
        double dice = round.dice().get(n), room = COLUMN - 76;
        g.setColor(TRACK);
        g.fill(new RoundRectangle2D.Double(left + 14, base - TEXT, room, TEXT, 6, 6));
        g.setColor(color);
        g.fill(new RoundRectangle2D.Double(left + 14, base - TEXT, Math.max(3, room * dice), TEXT, 6, 6));
        String number = String.format(Locale.ROOT, "%.2f", dice);
        StrokeFont.draw(g, number, left + COLUMN - 14 - StrokeFont.width(number, TEXT), base, TEXT, INK, null);
    }
}
