package org.segvol.io;

import static org.segvol.io.DicomTags.BITS_ALLOCATED;
import static org.segvol.io.DicomTags.BITS_STORED;
import static org.segvol.io.DicomTags.CHARACTER_SET;
import static org.segvol.io.DicomTags.COLUMNS;
import static org.segvol.io.DicomTags.FRAMES;
import static org.segvol.io.DicomTags.HIGH_BIT;
import static org.segvol.io.DicomTags.INTERCEPT;
import static org.segvol.io.DicomTags.ITEM;
import static org.segvol.io.DicomTags.ITEM_END;
import static org.segvol.io.DicomTags.MODALITY;
import static org.segvol.io.DicomTags.ORIENTATION;
import static org.segvol.io.DicomTags.PHOTOMETRIC;
import static org.segvol.io.DicomTags.PIXELS;
import static org.segvol.io.DicomTags.PIXEL_SPACING;
import static org.segvol.io.DicomTags.POSITION;
import static org.segvol.io.DicomTags.ROWS;
import static org.segvol.io.DicomTags.SAMPLES_PER_PIXEL;
import static org.segvol.io.DicomTags.SEQUENCE_END;
import static org.segvol.io.DicomTags.SERIES_DESCRIPTION;
import static org.segvol.io.DicomTags.SERIES_IDENTIFIER;
import static org.segvol.io.DicomTags.SERIES_NUMBER;
import static org.segvol.io.DicomTags.SIGNED;
import static org.segvol.io.DicomTags.SLICE_THICKNESS;
import static org.segvol.io.DicomTags.SLOPE;
import static org.segvol.io.DicomTags.TRANSFER_SYNTAX;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a DICOM file up to its pixels (DICOM PS3.5 7, PS3.10 7.1): the wanted attributes are kept, everything else is passed over. */
final class DicomParser {
    /** The attributes that are kept. */
    static final Set<Integer> WANTED = Set.of(
            TRANSFER_SYNTAX,
            CHARACTER_SET,
            MODALITY,
            SERIES_DESCRIPTION,
            SLICE_THICKNESS,
            SERIES_IDENTIFIER,
            SERIES_NUMBER,
            POSITION,
            ORIENTATION,
            SAMPLES_PER_PIXEL,
            PHOTOMETRIC,
            FRAMES,
            ROWS,
            COLUMNS,
            PIXEL_SPACING,
            BITS_ALLOCATED,
            BITS_STORED,
            HIGH_BIT,
            SIGNED,
            INTERCEPT,
            SLOPE);

    /** The length of what ends with a delimiter. */
    static final long UNDEFINED = 0xFFFF_FFFFL;

    static final String IMPLICIT_LITTLE = "1.2.840.10008.1.2";
    static final String EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
    static final String EXPLICIT_BIG = "1.2.840.10008.1.2.2";
    private static final String DEFLATED = "1.2.840.10008.1.2.1.99";

    private static final int PREAMBLE = 128;
    private static final String MAGIC = "DICM";
    private static final String WIDE = "OB OD OF OL OV OW SQ SV UC UN UR UT UV"; // their lengths have four bytes
    private static final int LONGEST_VALUE = 1 << 10;
    private static final int DEEPEST = 32;

    private final ByteSource source;
    private final Map<Integer, byte[]> values = new HashMap<>();
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private boolean explicit = true;
    private String representation = "";

    private DicomParser(ByteSource source) {
        this.source = source;
    }

    /**
     * Reads a file; nothing when it does not start as DICOM files do.
     *
     * @throws VolumeFormatException when it is damaged or cut short
     */
    static Optional<DicomFile> parse(Path file) throws IOException {
        try (ByteSource source = ByteSource.plain(file)) {
            byte[] start = new byte[PREAMBLE + MAGIC.length()];
            source.fill(start, start.length);
            String mark = new String(start, PREAMBLE, MAGIC.length(), StandardCharsets.US_ASCII);
            return mark.equals(MAGIC) ? Optional.of(new DicomParser(source).parse()) : Optional.empty();
        }
    }

    private DicomFile parse() throws IOException {
        byte[] bytes = new byte[4];
        boolean head = true; // the first group is always written in one way
        for (int got = source.fill(bytes, 4); got > 0; got = source.fill(bytes, 4)) {
            if (got < 4) {
                throw cutShort();
            }
            if (head && tag(bytes) >>> 16 != 2) {
                head = false;
                turnTo(syntax());
            }
            int tag = tag(bytes);
            long length = length(tag);
            if (tag == PIXELS) {
                long position = source.position();
                boolean there = length != UNDEFINED && source.canHold(position + length);
                return new DicomFile(source.file(), syntax(), order, Map.copyOf(values), position, length, there);
            }
            if (WANTED.contains(tag) && length <= LONGEST_VALUE) {
                values.putIfAbsent(tag, bytes((int) length));
            } else {
                pass(length, 0);
            }
        }
        return new DicomFile(source.file(), syntax(), order, Map.copyOf(values), -1, 0, true);
    }

    private String syntax() {
        byte[] value = values.getOrDefault(TRANSFER_SYNTAX, IMPLICIT_LITTLE.getBytes(StandardCharsets.US_ASCII));
        return new String(value, StandardCharsets.US_ASCII).replace('\0', ' ').strip();
    }

    private void turnTo(String syntax) throws VolumeFormatException {
        if (syntax.equals(DEFLATED)) {
            throw new VolumeFormatException(
                    source.file(),
                    "its attributes are compressed (" + syntax + "), which is not read here; convert it to "
                            + "explicit VR little endian");
        }
        explicit = !syntax.equals(IMPLICIT_LITTLE);
        order = syntax.equals(EXPLICIT_BIG) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    private int tag(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
        return Short.toUnsignedInt(buffer.getShort()) << 16 | Short.toUnsignedInt(buffer.getShort());
    }

    /** What an element says between its tag and its value: how long that is. */
    private long length(int tag) throws IOException {
        representation = "";
        if (!explicit || tag >>> 16 == ITEM >>> 16) {
            return unsigned(bytes(4));
        }
        byte[] head = bytes(4);
        representation = new String(head, 0, 2, StandardCharsets.US_ASCII);
        if (!(isLetter(head[0]) && isLetter(head[1]))) {
            throw new VolumeFormatException(
                    source.file(),
                    String.format(
                            "expected a value representation for the DICOM attribute (%04x,%04x), found '%s'; the file is damaged",
                            tag >>> 16, tag & 0xFFFF, representation));
        }
        if (WIDE.contains(representation)) {
            return unsigned(bytes(4));
        }
        return Short.toUnsignedInt(
                ByteBuffer.wrap(head).order(order).position(2).getShort());
    }

    private static boolean isLetter(byte c) {
        return c >= 'A' && c <= 'Z';
    }

    /** Passes over a value, and over all that is nested in it. */
    private void pass(long length, int depth) throws IOException {
        if (length != UNDEFINED) {
            skip(length);
            return;
        }
        if (depth > DEEPEST) {
            throw new VolumeFormatException(
                    source.file(),
                    "its DICOM sequences are nested more than " + DEEPEST + " deep; the file is damaged");
        }
        boolean saysRepresentations = explicit;
        if (representation.equals("UN")) { // what it holds is written without them
            explicit = false;
        }
        int tag = tag(bytes(4));
        while (tag != SEQUENCE_END) {
            if (tag != ITEM) {
                throw new VolumeFormatException(
                        source.file(),
                        String.format(
                                "expected an item of a DICOM sequence at byte %d, found (%04x,%04x); the file is damaged",
                                source.position(), tag >>> 16, tag & 0xFFFF));
            }
            long item = length(tag);
            if (item == UNDEFINED) {
                passItem(depth);
            } else {
                skip(item);
            }
            tag = tag(bytes(4));
        }
        length(tag);
        explicit = saysRepresentations;
    }

    private void passItem(int depth) throws IOException {
        int tag = tag(bytes(4));
        while (tag != ITEM_END) {
            pass(length(tag), depth + 1);
            tag = tag(bytes(4));
        }
        length(tag);
    }

    private void skip(long length) throws IOException {
        if (!source.skipTo(source.position() + length)) {
            throw cutShort();
        }
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        if (source.fill(bytes, count) < count) {
            throw cutShort();
        }
        return bytes;
    }

    private long unsigned(byte[] four) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(four).order(order).getInt());
    }

    private VolumeFormatException cutShort() {
        return new VolumeFormatException(
                source.file(),
                "the DICOM attributes break off after " + source.position()
                        + " bytes; the file is cut short or damaged, copy it again");
    }
}
