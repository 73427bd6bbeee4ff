package org.segvol.image;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.util.HashMap;
import java.util.Map;

/**
 * Letters drawn with lines. Pictures must come out the same everywhere, also on servers whose Java has no fonts at all. Points stand
 * on a grid of digits, x then y: capitals reach from y 0 to the base line at 6, small letters start at 2, tails end at 8.
 */
public final class StrokeFont {
    private static final double CAP = 6;
    private static final double GAP = 1.7;
    private static final double SPACE = 2.2;
    private static final double NARROW = 0.9;
    private static final Map<Character, int[][]> GLYPHS = new HashMap<>();

    static {
        glyphs(
                "A 062046 1434",
                "B 0006 003041423303 3344453606",
                "C 4130100105163645",
                "D 00304145360600",
                "E 40000646 0333");
        glyphs("F 400006 0333", "G 41301001051636454323", "H 0006 4046 0343", "I 0020 1016 0626", "J 3035261605");
        glyphs(
                "K 0006 4004 2246",
                "L 000646",
                "M 0600234046",
                "N 06004640",
                "O 103041453616050110",
                "P 06003041423303");
        glyphs("Q 103041453616050110 2446", "R 06003041423303 2346", "S 413010010213334445361605", "T 0040 2026");
        glyphs("U 000516364540", "V 002640", "W 0016223640", "X 0046 4006", "Y 002340 2326", "Z 00400646");
        glyphs(
                "0 103041453616050110",
                "1 011016 0626",
                "2 01103041420646",
                "3 0110304142334445361605 1333",
                "4 36300444");
        glyphs("5 400002324345361605", "6 4130100105163645443303", "7 004016", "8 103041423313020110 1304051636454433");
        glyphs("9 4313020110304145361605", "a 12324346 441405163645", "b 0006 0312324345361605", "c 4332120305163645");
        glyphs("d 4046 4332120305163645", "e 04444332120305163645", "f 30201116 0222", "g 42473818 4332120305163645");
        glyphs(
                "h 0006 0312324346",
                "i 0206 00",
                "j 121708 10",
                "k 0006 3204 1336",
                "l 000516",
                "m 0206 03122326 23324346");
        glyphs("n 0206 0312324346", "o 123243453616050312", "p 0208 0312324345361605", "q 4248 4332120305163645");
        glyphs(
                "r 0206 031232",
                "s 4212031434453606",
                "t 10152636 0232",
                "u 0205163645 4246",
                "v 022642",
                "w 0216233642");
        glyphs("x 0246 4206", "y 0226 4218", "z 02420646", ". 06", ", 1607", ": 03 06", "; 13 1607", "! 0004 06");
        glyphs(
                "? 011030414224 26",
                "- 0434",
                "+ 0444 2226",
                "= 0343 0545",
                "/ 4006",
                "\\ 0046",
                "( 20111526",
                ") 00111506");
        glyphs(
                "[ 10000616",
                "] 00101606",
                "{ 20111203141526",
                "} 00111223141506",
                "< 420446",
                "> 024406",
                "_ 0747",
                "' 0002");
        glyphs(
                "\" 0002 2022",
                "` 0011",
                "^ 022042",
                "~ 04133544",
                "| 0007",
                "# 1016 3036 0242 0444",
                "* 2125 1234 3214");
        glyphs("$ 413010010213334445361605 2026", "% 4006 0010110100 3545463635", "& 46020110203104051626 44");
        glyphs("@ 4536160501103041443423243433", "\u00b0 1021120110", "\u00b7 04", "\u00d7 1335 3315");
    }

    private StrokeFont() {}

    private static void glyphs(String... definitions) {
        for (String definition : definitions) {
            String[] parts = definition.split(" ", -1);
            int[][] strokes = new int[parts.length - 1][];
            for (int s = 1; s < parts.length; s++) {
                strokes[s - 1] = parts[s].chars().map(c -> c - '0').toArray();
            }
            GLYPHS.put(definition.charAt(0), strokes);
        }
    }

    private static int[][] glyph(char c) {
        int[][] glyph = GLYPHS.get(c);
        return glyph == null ? GLYPHS.get('?') : glyph;
    }

    /** Width of a text in pixels when capitals are {@code height} pixels high. */
    public static double width(String text, double height) {
        double x = 0;
        for (int n = 0; n < text.length(); n++) {
            x += advance(text.charAt(n));
        }
        return text.isEmpty() ? 0 : (x - GAP) * NARROW * height / CAP;
    }

    private static double advance(char c) {
        if (c == ' ') {
            return SPACE + GAP;
        }
        int widest = 0;
        for (int[] stroke : glyph(c)) {
            for (int n = 0; n < stroke.length; n += 2) {
                widest = Math.max(widest, stroke[n]);
            }
        }
        return widest + GAP;
    }

    /** Draws a text with its left end and base line at (x, y); a halo, when not null, sets it off from a picture. */
    public static void draw(Graphics2D g, String text, double x, double y, double height, Color color, Color halo) {
        Path2D path = new Path2D.Double();
        double unit = height / CAP;
        double at = x;
        for (int n = 0; n < text.length(); n++) {
            char c = text.charAt(n);
            if (c != ' ') {
                append(path, glyph(c), at, y - height, unit);
            }
            at += advance(c) * NARROW * unit;
        }
        float pen = (float) Math.max(1.1, height * 0.13);
        if (halo != null) {
            g.setColor(halo);
            g.setStroke(new BasicStroke(pen + 2.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            g.draw(path);
        }
        g.setColor(color);
        g.setStroke(new BasicStroke(pen, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(path);
    }

    private static void append(Path2D path, int[][] strokes, double left, double top, double unit) {
        for (int[] stroke : strokes) {
            path.moveTo(left + stroke[0] * NARROW * unit, top + stroke[1] * unit);
            if (stroke.length == 2) {
                // a dot: the pen's round ends make it visible
                path.lineTo(left + stroke[0] * NARROW * unit, top + stroke[1] * unit - 0.02);
            }
            for (int n = 2; n < stroke.length; n += 2) {
                path.lineTo(left + stroke[n] * NARROW * unit, top + stroke[n + 1] * unit);
            }
        }
    }
}
