package org.segvol.evaluate;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.SlicePanel;
import org.segvol.image.SlicePlane;
import org.segvol.image.StrokeFont;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;

/**
 * The experiment on ambiguous prompts as a picture: a row for each example, in it an axial slice with both structures and what was pointed with, and the
 * answers without a word, with the one and with the other. The same experiment gives the same pixels.
 */
public final class AmbiguityPicture {
    private static final int SIDE = 300;
    private static final int GAP = 14;
    private static final int MARGIN = 22;
    private static final int HEAD = 60;
    private static final int CAPTION = 46;
    private static final int BORDER = 8; // voxels shown around both structures
    private static final int TEXT = 10;
    private static final Color BACKGROUND = new Color(0x14171C);
    private static final Color INK = new Color(0xE8EAED);
    private static final Color FAINT = new Color(0x9AA3AE);
    private static final Color FIRST = new Color(0xB9F23A);
    private static final Color SECOND = new Color(0xFF8A5C);
    private static final Color FOUND = new Color(0x4FD8E8);
    private static final Color POINTER = new Color(0xFFD23F);

    private AmbiguityPicture() {}

    /** The picture: RGB, about 1300 pixels wide. */
    public static BufferedImage render(Ambiguity ambiguity) {
        List<List<BufferedImage>> rows = new ArrayList<>();
        int height = HEAD + MARGIN;
        for (Ambiguity.Example example : ambiguity.examples()) {
            List<BufferedImage> row = row(example);
            rows.add(row);
            height += row.get(0).getHeight() + CAPTION + GAP;
        }
        int width = 2 * MARGIN + 4 * SIDE + 3 * GAP;
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setColor(BACKGROUND);
        g.fillRect(0, 0, width, height);
        StrokeFont.draw(
                g, "One click or box, two meanings: alone, and with either word", MARGIN, MARGIN + 18, 17, INK, null);
        int top = HEAD;
        for (int n = 0; n < rows.size(); n++) {
            Ambiguity.Example example = ambiguity.examples().get(n);
            for (int column = 0; column < 4; column++) {
                int left = MARGIN + column * (SIDE + GAP);
                BufferedImage slice = rows.get(n).get(column);
                g.drawImage(slice, left + (SIDE - slice.getWidth()) / 2, top, null);
                caption(g, example, column, left, top + slice.getHeight() + 19);
            }
            top += rows.get(n).get(0).getHeight() + CAPTION + GAP;
        }
        g.dispose();
        return picture;
    }

    private static List<BufferedImage> row(Ambiguity.Example example) {
        int axis = SlicePlane.AXIAL.storedAxis(example.image().affine());
        VoxelPoint centre = centre(example, axis);
        VoxelBox shown = shown(example);
        List<SlicePanel.Mark> marks = new ArrayList<>();
        if (example.prompt().box() != null) {
            marks.add(new SlicePanel.Box(example.prompt().box(), POINTER));
        }
        example.prompt().clicks().forEach(click -> marks.add(new SlicePanel.Click(click.at(), POINTER)));
        List<SlicePanel> panels = new ArrayList<>();
        panels.add(new SlicePanel(
                SlicePlane.AXIAL,
                centre,
                shown,
                List.of(new SlicePanel.Layer(example.second(), SECOND), new SlicePanel.Layer(example.first(), FIRST)),
                marks));
        for (Mask found : example.found()) {
            panels.add(new SlicePanel(
                    SlicePlane.AXIAL, centre, shown, List.of(new SlicePanel.Layer(found, FOUND)), marks));
        }
        return SlicePanel.render(example.image(), panels, SIDE);
    }

    /** The click, or the slice that cuts both structures best; where none cuts both, the one that cuts most of either. */
    private static VoxelPoint centre(Ambiguity.Example example, int axis) {
        if (!example.prompt().clicks().isEmpty()) {
            return example.prompt().clicks().get(0).at();
        }
        long[] first = cuts(example.first(), axis), second = cuts(example.second(), axis);
        int best = 0;
        for (int n = 1; n < first.length; n++) {
            int order = Long.compare(first[n] * second[n], first[best] * second[best]);
            boolean more = first[n] + second[n] > first[best] + second[best];
            best = order > 0 || (order == 0 && more) ? n : best;
        }
        return new VoxelPoint(axis == 0 ? best : 0, axis == 1 ? best : 0, axis == 2 ? best : 0);
    }

    private static long[] cuts(Mask mask, int axis) {
        long[] cuts = new long[mask.size().side(axis)];
        for (int at = mask.nextSet(0); at >= 0; at = mask.nextSet(at + 1)) {
            cuts[mask.size().point(at).get(axis)]++;
        }
        return cuts;
    }

    private static VoxelBox shown(Ambiguity.Example example) {
        VoxelBox box = AmbiguityPair.boxAround(example.first(), example.second());
        GridSize size = example.image().size();
        return VoxelBox.of(
                Math.max(0, box.min().i() - BORDER),
                Math.max(0, box.min().j() - BORDER),
                Math.max(0, box.min().k() - BORDER),
                Math.min(size.ni() - 1, box.max().i() + BORDER),
                Math.min(size.nj() - 1, box.max().j() + BORDER),
                Math.min(size.nk() - 1, box.max().k() + BORDER));
    }

    private static void caption(Graphics2D g, Ambiguity.Example example, int column, int left, int base) {
        AmbiguityPair pair = example.answers().get(0).pair();
        String place = AmbiguityTables.word(example.answers().get(0).place());
        if (column == 0) {
            double x = entry(g, pair.first(), FIRST, left, base);
            entry(g, pair.second(), SECOND, x + 16, base);
            StrokeFont.draw(g, "the labels, and the " + place, left, base + 18, TEXT, FAINT, null);
            return;
        }
        Ambiguity.Answer answer = example.answers().get(column - 1);
        String asked = "the " + place + (answer.word() == null ? " alone" : " and \"" + answer.word() + "\"");
        entry(g, asked, FOUND, left, base);
        String scores = String.format(
                Locale.ROOT, "Dice %s %.2f, %s %.2f", pair.first(), answer.first(), pair.second(), answer.second());
        StrokeFont.draw(g, scores, left, base + 18, TEXT, FAINT, null);
    }

    private static double entry(Graphics2D g, String name, Color color, double left, int base) {
        g.setColor(color);
        g.fill(new Ellipse2D.Double(left, base - TEXT, 11, 11));
        StrokeFont.draw(g, name, left + 18, base, TEXT, INK, null);
        return left + 18 + StrokeFont.width(name, TEXT);
    }
}
