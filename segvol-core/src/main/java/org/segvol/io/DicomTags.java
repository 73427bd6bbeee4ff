package org.segvol.io;

/** The attributes of DICOM that place an image and say how its pixels are stored: group and element. */
final class DicomTags {
    static final int TRANSFER_SYNTAX = 0x0002_0010;
    static final int CHARACTER_SET = 0x0008_0005;
    static final int MODALITY = 0x0008_0060;
    static final int SERIES_DESCRIPTION = 0x0008_103E;
    static final int SLICE_THICKNESS = 0x0018_0050;
    static final int SERIES_IDENTIFIER = 0x0020_000E;
    static final int SERIES_NUMBER = 0x0020_0011;
    static final int POSITION = 0x0020_0032;
    static final int ORIENTATION = 0x0020_0037;
    static final int SAMPLES_PER_PIXEL = 0x0028_0002;
    static final int PHOTOMETRIC = 0x0028_0004;
    static final int FRAMES = 0x0028_0008;
    static final int ROWS = 0x0028_0010;
    static final int COLUMNS = 0x0028_0011;
    static final int PIXEL_SPACING = 0x0028_0030;
    static final int BITS_ALLOCATED = 0x0028_0100;
    static final int BITS_STORED = 0x0028_0101;
    static final int HIGH_BIT = 0x0028_0102;
    static final int SIGNED = 0x0028_0103;
    static final int INTERCEPT = 0x0028_1052;
    static final int SLOPE = 0x0028_1053;
    static final int PIXELS = 0x7FE0_0010;
    static final int ITEM = 0xFFFE_E000;
    static final int ITEM_END = 0xFFFE_E00D;
    static final int SEQUENCE_END = 0xFFFE_E0DD;

    private DicomTags() {}
}
