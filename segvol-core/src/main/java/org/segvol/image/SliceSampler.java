package org.segvol.image;

import java.awt.Rectangle;

/** One slice's values by column and row, read between the voxels. */
final class SliceSampler {
    private final int columns;
    private final int rows;
    private final float[] values;

    private SliceSampler(int columns, int rows, float[] values) {
        this.columns = columns;
        this.rows = rows;
        this.values = values;
    }

    /** Gives the value at a position in stored order. */
    interface Source {
        float at(int index);
    }

    static SliceSampler of(SliceView view, Source source) {
        float[] values = new float[view.columns() * view.rows()];
        for (int row = 0; row < view.rows(); row++) {
            for (int column = 0; column < view.columns(); column++) {
                values[row * view.columns() + column] = source.at(view.index(column, row));
            }
        }
        return new SliceSampler(view.columns(), view.rows(), values);
    }

    /**
     * Values of the pixels of a part of a picture, linear between voxels; where a pixel covers several voxels it takes their mean.
     *
     * @param width pixels of the whole picture across
     * @param height and down
     * @param part in its pixels
     * @return the part's rows, one after the other
     */
    float[] resample(int width, int height, Rectangle part) {
        int across = samples(columns, width);
        int down = samples(rows, height);
        float[] picture = new float[part.width * part.height];
        for (int n = 0, y = part.y; y < part.y + part.height; y++) {
            for (int x = part.x; x < part.x + part.width; x++) {
                double sum = 0;
                for (int sy = 0; sy < down; sy++) {
                    for (int sx = 0; sx < across; sx++) {
                        sum += between(
                                (x + (sx + 0.5) / across) * columns / width - 0.5,
                                (y + (sy + 0.5) / down) * rows / height - 0.5);
                    }
                }
                picture[n++] = (float) (sum / (across * down));
            }
        }
        return picture;
    }

    private static int samples(int voxels, int pixels) {
        return Math.max(1, (int) Math.ceil((double) voxels / pixels - 0.25));
    }

    private double between(double column, double row) {
        double c = Math.min(Math.max(column, 0), columns - 1);
        double r = Math.min(Math.max(row, 0), rows - 1);
        int c0 = (int) c;
        int r0 = (int) r;
        int c1 = Math.min(c0 + 1, columns - 1);
        int r1 = Math.min(r0 + 1, rows - 1);
        double fc = c - c0;
        double fr = r - r0;
        double top = values[r0 * columns + c0] * (1 - fc) + values[r0 * columns + c1] * fc;
        double bottom = values[r1 * columns + c0] * (1 - fc) + values[r1 * columns + c1] * fc;
        return top * (1 - fr) + bottom * fr;
    }
}
