package org.segvol.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A DICOM file for tests, attribute by attribute: at first one transverse image of 4x3 pixels in explicit little endian. */
final class DicomBytes {
    static final int COLUMNS = 4;
    static final int ROWS = 3;

    private final Map<Long, byte[]> values = new TreeMap<>(); // by tag as an unsigned number, in the order of the file
    private final Map<Long, String> representations = new TreeMap<>();
    private String syntax = DicomParser.EXPLICIT_LITTLE;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private boolean explicit = true;

    /**
     * Image {@code k} of a series: 2.5 mm above the one before, with the value {@code 100 k + n} in pixel n.
     *
     * @param series its number and the end of its identifier
     */
    static DicomBytes slice(int series, int k) {
        DicomBytes file = new DicomBytes();
        file.text(DicomTags.MODALITY, "CS", "CT");
        file.text(DicomTags.SERIES_DESCRIPTION, "LO", "Abdomen");
        file.text(DicomTags.SLICE_THICKNESS, "DS", "3");
        file.text(DicomTags.SERIES_IDENTIFIER, "UI", "1.2.3." + series);
        file.text(DicomTags.SERIES_NUMBER, "IS", Integer.toString(series));
        file.text(DicomTags.POSITION, "DS", "-10\\-20\\" + (30 + 2.5 * k));
        file.text(DicomTags.ORIENTATION, "DS", "1\\0\\0\\0\\1\\0");
        file.whole(DicomTags.SAMPLES_PER_PIXEL, 1);
        file.text(DicomTags.PHOTOMETRIC, "CS", "MONOCHROME2");
        file.whole(DicomTags.ROWS, ROWS);
        file.whole(DicomTags.COLUMNS, COLUMNS);
        file.text(DicomTags.PIXEL_SPACING, "DS", "0.7\\0.8");
        file.whole(DicomTags.BITS_ALLOCATED, 16);
        file.whole(DicomTags.BITS_STORED, 16);
        file.whole(DicomTags.HIGH_BIT, 15);
        file.whole(DicomTags.SIGNED, 1);
        file.text(DicomTags.INTERCEPT, "DS", "-1024");
        file.text(DicomTags.SLOPE, "DS", "1");
        ByteBuffer pixels = ByteBuffer.allocate(2 * ROWS * COLUMNS).order(ByteOrder.LITTLE_ENDIAN);
        for (int n = 0; n < ROWS * COLUMNS; n++) {
            pixels.putShort((short) (100 * k + n));
        }
        return file.bytes(DicomTags.PIXELS, "OW", pixels.array());
    }

    DicomBytes bytes(int tag, String representation, byte[] value) {
        values.put(Integer.toUnsignedLong(tag), value);
        representations.put(Integer.toUnsignedLong(tag), representation);
        return this;
    }

    DicomBytes text(int tag, String representation, String value) {
        String even = value.length() % 2 == 0 ? value : value + (representation.equals("UI") ? "\0" : " ");
        return bytes(tag, representation, even.getBytes(StandardCharsets.ISO_8859_1));
    }

    DicomBytes whole(int tag, int value) {
        return bytes(
                tag,
                "US",
                ByteBuffer.allocate(2).order(order).putShort((short) value).array());
    }

    DicomBytes without(int tag) {
        values.remove(Integer.toUnsignedLong(tag));
        return this;
    }

    /** Names another syntax without writing in it. */
    DicomBytes calledSyntax(String identifier) {
        syntax = identifier;
        return this;
    }

    DicomBytes implicit() {
        explicit = false;
        return calledSyntax(DicomParser.IMPLICIT_LITTLE);
    }

    byte[] file() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[128]);
        out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        byte[] name = (syntax.length() % 2 == 0 ? syntax : syntax + "\0").getBytes(StandardCharsets.US_ASCII);
        element(out, DicomTags.TRANSFER_SYNTAX, "UI", name, true);
        values.forEach((tag, value) -> element(out, tag.intValue(), representations.get(tag), value, explicit));
        return out.toByteArray();
    }

    private void element(ByteArrayOutputStream out, int tag, String representation, byte[] value, boolean named) {
        ByteBuffer head = ByteBuffer.allocate(12).order(order);
        head.putShort((short) (tag >>> 16)).putShort((short) tag);
        if (!named) {
            head.putInt(value.length);
        } else {
            head.put(representation.getBytes(StandardCharsets.US_ASCII));
            if (representation.equals("OW") || representation.equals("UN") || representation.equals("SQ")) {
                head.putShort((short) 0).putInt(value.length);
            } else {
                head.putShort((short) value.length);
            }
        }
        out.write(head.array(), 0, head.position());
        out.writeBytes(value);
    }

    Path write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, file());
    }
}
