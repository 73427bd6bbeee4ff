package org.segvol.image;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Structures as solid bodies, lit from the viewer's side, seen from the front and a little from the patient's left. Orthographic, true in
 * millimetres. A colour's opacity is the body's: what lies behind or inside a translucent one shines through. Where structures overlap,
 * the later one has the voxel. The same input gives the same pixels, with any number of threads.
 */
public final class SurfaceView {
    private static final double TURN = Math.toRadians(24);
    /** Length of a step along a ray and of the differences that give a surface its direction, in mm. */
    private static final double STEP = 2;

    private static final double REACH = 7;
    private static final double AMBIENT = 0.34;
    private static final double[] LIGHT = {-0.42, -0.55, -0.72}; // from the upper left of the viewer

    private final int columns;
    private final int rows;
    private final int depths;
    private final double[] spacing; // column, row, depth
    private final double[] middle = new double[3]; // mm of what is shown, from the first column, row and depth
    private final double[] sides = new double[3]; // mm
    private final byte[] bodies; // 0 or the layer's number from 1
    private final byte[] around; // what common() says, from corner -1
    private final Color[] colors;

    private SurfaceView(Volume like, List<SlicePanel.Layer> layers, VoxelBox shown) {
        Orientation orientation = Orientation.of(like.affine());
        int through = orientation.complete() ? orientation.storedAxis(1) : 1;
        boolean backwards = orientation.complete() && orientation.flipped(1);
        depths = like.size().side(through);
        SliceView any = view(like, through, 0);
        columns = any.columns();
        rows = any.rows();
        spacing = new double[] {
            any.widthMillimetres() / columns,
            any.heightMillimetres() / rows,
            like.affine().spacing()[through]
        };
        for (int n = 0; n < 3; n++) {
            double a = n == 0 ? any.column(shown.min()) : n == 1 ? any.row(shown.min()) : any.depth(shown.min());
            double b = n == 0 ? any.column(shown.max()) : n == 1 ? any.row(shown.max()) : any.depth(shown.max());
            double from = n == 2 && !backwards ? depths - 1 - Math.max(a, b) : Math.min(a, b);
            middle[n] = (from + (Math.abs(b - a) + 1) / 2) * spacing[n];
            sides[n] = (Math.abs(b - a) + 1) * spacing[n];
        }
        byte[] stored = new byte[like.size().count()];
        for (int n = 0; n < layers.size(); n++) {
            Mask mask = layers.get(n).mask();
            for (int at = mask.nextSet(0); at >= 0; at = mask.nextSet(at + 1)) {
                stored[at] = (byte) (n + 1);
            }
        }
        bodies = new byte[columns * rows * depths];
        colors = layers.stream().map(SlicePanel.Layer::color).toArray(Color[]::new);
        for (int depth = 0, at = 0; depth < depths; depth++) {
            SliceView slice = view(like, through, backwards ? depth : depths - 1 - depth);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    bodies[at++] = stored[slice.index(column, row)];
                }
            }
        }
        around = new byte[(columns + 1) * (rows + 1) * (depths + 1)];
        for (int d = -1, at = 0; d < depths; d++) {
            for (int r = -1; r < rows; r++) {
                for (int c = -1; c < columns; c++) {
                    around[at++] = common(c, r, d);
                }
            }
        }
    }

    /** The body of all eight voxels from a corner on, or -1 where they are of several. */
    private byte common(int c0, int r0, int d0) {
        int first = at(c0, r0, d0);
        for (int n = 1; n < 8; n++) {
            if (at(c0 + (n & 1), r0 + (n >> 1 & 1), d0 + (n >> 2)) != first) {
                return -1;
            }
        }
        return (byte) first;
    }

    private static SliceView view(Volume like, int through, int slice) {
        VoxelPoint centre =
                new VoxelPoint(through == 0 ? slice : 0, through == 1 ? slice : 0, through == 2 ? slice : 0);
        return new SliceView(SlicePlane.CORONAL, like.size(), like.affine(), centre);
    }

    /**
     * Draws the bodies.
     *
     * @param like gives grid and place
     * @param layers at most 127 structures in its grid
     * @param shown the part of the volume to show; what lies beside it is shown where there is room
     * @param width pixels
     * @param height pixels
     * @param background behind everything
     * @return an RGB picture
     */
    public static BufferedImage render(
            Volume like, List<SlicePanel.Layer> layers, VoxelBox shown, int width, int height, Color background) {
        SurfaceView bodies = new SurfaceView(like, layers, shown);
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] pixels = new int[width * height];
        IntStream.range(0, height).parallel().forEach(y -> {
            for (int x = 0; x < width; x++) {
                pixels[y * width + x] =
                        bodies.ray(x + 0.5 - width / 2.0, y + 0.5 - height / 2.0, width, height, background);
            }
        });
        picture.setRGB(0, 0, width, height, pixels, 0, width);
        return picture;
    }

    /** The colour of a pixel whose place is counted from the picture's middle. */
    private int ray(double x, double y, int width, int height, Color background) {
        double cos = Math.cos(TURN), sin = Math.sin(TURN);
        double scale = Math.max((sides[0] * cos + sides[2] * sin) / width, sides[1] / height); // mm of a pixel
        double r = (y * scale + middle[1]) / spacing[1];
        // where the ray enters and leaves the grid, in mm from the middle of what is shown
        double[] in = span(x * scale * cos + middle[0], sin, columns * spacing[0]);
        double[] out = span(-x * scale * sin + middle[2], cos, depths * spacing[2]);
        double from = Math.max(in[0], out[0]), to = r < 0 || r >= rows ? from : Math.min(in[1], out[1]);
        double[] light = new double[3];
        double left = 1;
        int before = 0;
        for (double t = from; t < to && left > 0.02; t += STEP) {
            double c = (x * scale * cos + t * sin + middle[0]) / spacing[0];
            double d = (-x * scale * sin + t * cos + middle[2]) / spacing[2];
            int body = body(c, r, d);
            if (body != before && body != 0) {
                Color color = colors[body - 1];
                double opacity = color.getAlpha() / 255.0, shade = shade(body, c, r, d);
                light[0] += left * opacity * shade * color.getRed();
                light[1] += left * opacity * shade * color.getGreen();
                light[2] += left * opacity * shade * color.getBlue();
                left *= 1 - opacity;
            }
            before = body;
        }
        return rgb(
                light[0] + left * background.getRed(),
                light[1] + left * background.getGreen(),
                light[2] + left * background.getBlue());
    }

    /** Where {@code start + t slope} lies between 0 and a length; the slope is positive. */
    private static double[] span(double start, double slope, double length) {
        return new double[] {-start / slope, (length - start) / slope - 1e-6};
    }

    private static int rgb(double red, double green, double blue) {
        return (int) Math.min(255, Math.round(red)) << 16
                | (int) Math.min(255, Math.round(green)) << 8
                | (int) Math.min(255, Math.round(blue));
    }

    /** The body with the largest share of a place; half of the voxel's middle belongs to each side. */
    private int body(double c, double r, double d) {
        int c0 = (int) Math.floor(c - 0.5), r0 = (int) Math.floor(r - 0.5), d0 = (int) Math.floor(d - 0.5);
        int first = around[((d0 + 1) * (rows + 1) + r0 + 1) * (columns + 1) + c0 + 1];
        if (first >= 0) {
            return first;
        }
        int best = 0;
        double most = 0;
        for (int n = 0; n < 8; n++) {
            int candidate = at(c0 + (n & 1), r0 + (n >> 1 & 1), d0 + (n >> 2));
            double share = candidate == best && most > 0 ? most : share(candidate, c, r, d);
            if (share > most) {
                most = share;
                best = candidate;
            }
        }
        return best;
    }

    /** How much of a place belongs to a body, linear between voxels. */
    private double share(int body, double c, double r, double d) {
        int c0 = (int) Math.floor(c - 0.5), r0 = (int) Math.floor(r - 0.5), d0 = (int) Math.floor(d - 0.5);
        double fc = c - 0.5 - c0, fr = r - 0.5 - r0, fd = d - 0.5 - d0, sum = 0;
        for (int n = 0; n < 8; n++) {
            if (at(c0 + (n & 1), r0 + (n >> 1 & 1), d0 + (n >> 2)) == body) {
                sum += ((n & 1) == 0 ? 1 - fc : fc) * ((n >> 1 & 1) == 0 ? 1 - fr : fr) * (n >> 2 == 0 ? 1 - fd : fd);
            }
        }
        return sum;
    }

    private int at(int c, int r, int d) {
        boolean inside = c >= 0 && r >= 0 && d >= 0 && c < columns && r < rows && d < depths;
        return inside ? bodies[(d * rows + r) * columns + c] : 0;
    }

    /** Brightness of a surface: 1 where it faces the light. */
    private double shade(int body, double c, double r, double d) {
        double dc = REACH / spacing[0], dr = REACH / spacing[1], dd = REACH / spacing[2];
        double[] normal = {
            share(body, c - dc, r, d) - share(body, c + dc, r, d),
            share(body, c, r - dr, d) - share(body, c, r + dr, d),
            share(body, c, r, d - dd) - share(body, c, r, d + dd)
        };
        double length = 0, facing = 0;
        for (int axis = 0; axis < 3; axis++) {
            length += normal[axis] * normal[axis];
            facing += normal[axis] * LIGHT[axis];
        }
        double cosine = length == 0 ? 0.5 : Math.max(0, facing / Math.sqrt(length));
        return AMBIENT + (1 - AMBIENT) * cosine;
    }
}
