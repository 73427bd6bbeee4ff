package org.segvol.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One image of a series, and its place: LPS+ in mm, as DICOM has it.
 *
 * @param file what it was read from
 * @param columns pixels along a row
 * @param rows how many
 * @param across from one column to the next
 * @param down from one row to the next
 * @param position of the first pixel's centre
 * @param stored bits that count
 * @param signed whether the first of them is a sign
 * @param slope factor of the scale
 * @param intercept offset of the scale
 */
record DicomSlice(
        DicomFile file,
        int columns,
        int rows,
        Vector across,
        Vector down,
        Vector position,
        int stored,
        boolean signed,
        double slope,
        double intercept) {

    /** By how much directions may miss length 1, or a right angle. */
    private static final double ROUNDING = 1e-3;

    /** Three numbers in space. */
    record Vector(double x, double y, double z) {
        Vector plus(Vector v) {
            return new Vector(x + v.x, y + v.y, z + v.z);
        }

        Vector times(double factor) {
            return new Vector(factor * x, factor * y, factor * z);
        }

        Vector minus(Vector v) {
            return plus(v.times(-1));
        }

        double dot(Vector v) {
            return x * v.x + y * v.y + z * v.z;
        }

        Vector cross(Vector v) {
            return new Vector(y * v.z - z * v.y, z * v.x - x * v.z, x * v.y - y * v.x);
        }

        double length() {
            return Math.sqrt(dot(this));
        }

        /** In axes that point to right and anterior, where DICOM's point to left and posterior. */
        Vector toRas() {
            return new Vector(0 - x, 0 - y, z);
        }
    }

    /**
     * The image of a file that has pixels.
     *
     * @throws VolumeFormatException when it does not say its place, or its pixels are stored in a way that is not read here
     */
    static DicomSlice of(DicomFile file) throws VolumeFormatException {
        requirePlainPixels(file);
        int rows = file.whole(DicomTags.ROWS, "rows"), columns = file.whole(DicomTags.COLUMNS, "columns");
        long bytes = Short.BYTES * (long) rows * columns;
        if (bytes == 0 || file.pixelBytes() < bytes) { // some programs fill up with more than that
            throw new VolumeFormatException(
                    file.file(),
                    "expected at least 1x1 pixels of 2 bytes, found " + columns + "x" + rows + " in "
                            + file.pixelBytes() + " bytes; the file is damaged");
        }
        if (!file.complete()) {
            throw cutShort(file);
        }
        double[] position = file.numbers(DicomTags.POSITION, "the image's position", 3);
        double[] cosines = file.numbers(DicomTags.ORIENTATION, "the image's orientation", 6);
        double[] spacing = file.numbers(DicomTags.PIXEL_SPACING, "pixel spacing", 2);
        Vector across = new Vector(cosines[0], cosines[1], cosines[2]);
        Vector down = new Vector(cosines[3], cosines[4], cosines[5]);
        if (Math.abs(across.length() - 1) > ROUNDING
                || Math.abs(down.length() - 1) > ROUNDING
                || Math.abs(across.dot(down)) > ROUNDING) {
            throw new VolumeFormatException(
                    file.file(),
                    "expected two directions of length 1 at right angles as the image's orientation, found '"
                            + file.text(DicomTags.ORIENTATION) + "'");
        }
        if (!(spacing[0] > 0 && spacing[1] > 0)) {
            throw new VolumeFormatException(
                    file.file(),
                    "expected two distances above 0 as pixel spacing, found '" + file.text(DicomTags.PIXEL_SPACING)
                            + "'");
        }
        double slope = file.number(DicomTags.SLOPE, "the rescale slope", 1);
        if (slope == 0) {
            throw new VolumeFormatException(file.file(), "expected a rescale slope that is not 0, found 0");
        }
        return new DicomSlice(
                file,
                columns,
                rows,
                across.times(spacing[1]),
                down.times(spacing[0]),
                new Vector(position[0], position[1], position[2]),
                file.whole(DicomTags.BITS_STORED, "bits stored"),
                file.whole(DicomTags.SIGNED, "pixel representation") == 1,
                slope,
                file.number(DicomTags.INTERCEPT, "the rescale intercept", 0));
    }

    private static void requirePlainPixels(DicomFile file) throws VolumeFormatException {
        String syntax = file.syntax();
        if (!syntax.equals(DicomParser.IMPLICIT_LITTLE)
                && !syntax.equals(DicomParser.EXPLICIT_LITTLE)
                && !syntax.equals(DicomParser.EXPLICIT_BIG)) {
            throw new VolumeFormatException(
                    file.file(),
                    "its pixels are compressed (transfer syntax " + syntax
                            + "), which is not read here; decompress the series, for example with gdcmconv --raw");
        }
        String frames = file.text(DicomTags.FRAMES);
        if (!frames.isEmpty() && !frames.equals("1")) {
            throw new VolumeFormatException(
                    file.file(),
                    "expected one image, found " + frames + " frames; convert it to single images or to NIfTI");
        }
        int samples = file.whole(DicomTags.SAMPLES_PER_PIXEL, "samples per pixel");
        String meaning = file.text(DicomTags.PHOTOMETRIC);
        if (samples != 1 || !meaning.equals("MONOCHROME2")) {
            throw new VolumeFormatException(
                    file.file(),
                    "expected one brightness for each pixel (MONOCHROME2), found " + samples + " samples of '" + meaning
                            + "'");
        }
        int bits = file.whole(DicomTags.BITS_ALLOCATED, "bits allocated"),
                stored = file.whole(DicomTags.BITS_STORED, "bits stored"),
                high = file.whole(DicomTags.HIGH_BIT, "high bit");
        if (bits != Short.SIZE || stored < 1 || stored > bits || high != stored - 1) {
            throw new VolumeFormatException(
                    file.file(),
                    "expected pixels of 16 bits that count from the lowest, found " + stored + " of " + bits
                            + " bits up to bit " + high);
        }
    }

    /** Where the first pixel lies across the image's plane. */
    double height() {
        return across.cross(down).dot(position) / across.cross(down).length();
    }

    /** Whether two images have pixels of one form, in parallel planes with parallel axes. */
    boolean matches(DicomSlice other) {
        return columns == other.columns
                && rows == other.rows
                && signed == other.signed
                && across.minus(other.across).length() < ROUNDING * across.length()
                && down.minus(other.down).length() < ROUNDING * down.length();
    }

    /** Reads the stored values, row by row; bits that do not count are cleared or filled with the sign. */
    void read(short[] target, int at) throws IOException {
        int unused = Integer.SIZE - stored;
        byte[] row = new byte[Short.BYTES * columns];
        try (ByteSource source = ByteSource.plain(file.file())) {
            boolean there = source.skipTo(file.pixels());
            for (int j = 0; j < rows; j++) {
                if (!there || source.fill(row, row.length) < row.length) {
                    throw cutShort(file);
                }
                ByteBuffer values = ByteBuffer.wrap(row).order(file.order());
                for (int i = 0; i < columns; i++) {
                    int raw = values.getShort() << unused;
                    target[at + j * columns + i] = (short) (signed ? raw >> unused : raw >>> unused);
                }
            }
        }
    }

    private static VolumeFormatException cutShort(DicomFile file) {
        return new VolumeFormatException(
                file.file(), "the pixels break off before their end; the file is cut short, copy it again");
    }
}
