package org.segvol.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an npy file says about its array: a magic number, a version, and a Python dictionary with exactly three keys. Structured and pickled arrays
 * are refused; nothing is evaluated.
 *
 * @param type the elements
 * @param columnMajor whether the first axis is the fastest (Fortran order) instead of the last
 * @param shape sizes along each axis; none for a scalar
 * @param dataOffset where the elements begin
 */
record NpyHeader(NpyType type, boolean columnMajor, List<Long> shape, int dataOffset) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST = 1 << 14;
    private static final int ALIGNMENT = 64;
    private static final int MOST_AXES = 32;

    private static final String KEY = "\\s*['\"]%s['\"]\\s*:\\s*";
    private static final String DESCR = KEY.formatted("descr") + "['\"](?<descr>[^'\"]*)['\"]\\s*";
    private static final String ORDER = KEY.formatted("fortran_order") + "(?<order>True|False)\\s*";
    private static final String SHAPE = KEY.formatted("shape") + "\\((?<shape>[0-9L, ]*)\\)\\s*";
    private static final Pattern SIDE = Pattern.compile("[0-9]{1,18}L?");
    private static final Pattern[] FIELDS = {Pattern.compile(DESCR), Pattern.compile(ORDER), Pattern.compile(SHAPE)};

    /** How many elements; fails when they do not fit a {@code long}. */
    long count() {
        long count = 1;
        for (long side : shape) {
            count = Math.multiplyExact(count, side);
        }
        return count;
    }

    /** The shape as numpy prints it. */
    String shapeText() {
        String sides = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "(" + sides + (shape.size() == 1 ? ",)" : ")");
    }

    /** Reads a header and leaves the stream at the first element. */
    static NpyHeader read(InputStream in, Path file, String what) throws IOException {
        byte[] start = in.readNBytes(10);
        if (start.length < 10 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new VolumeFormatException(file, what + " is not in numpy's npy format; save it with numpy.save");
        }
        int version = start[6];
        if (version < 1 || version > 3) {
            throw new VolumeFormatException(file, what + " has npy version " + version + ", expected 1, 2 or 3");
        }
        ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).put(start, 8, 2);
        int prefix = 10;
        if (version > 1) {
            bytes.put(in.readNBytes(2));
            prefix = 12;
        }
        long length = Integer.toUnsignedLong(bytes.getInt(0));
        if (length > LONGEST) {
            throw new VolumeFormatException(
                    file,
                    what + " announces a header of " + length + " bytes, more than " + LONGEST + "; it is damaged");
        }
        byte[] text = in.readNBytes((int) length);
        if (text.length < length) {
            throw new VolumeFormatException(file, what + " ends inside of its header; copy the file again");
        }
        return parse(new String(text, StandardCharsets.ISO_8859_1), prefix + (int) length, file, what);
    }

    private static NpyHeader parse(String text, int dataOffset, Path file, String what) throws IOException {
        String[] values = fields(text.strip());
        if (values == null) {
            throw new VolumeFormatException(
                    file,
                    what + " has a header that is not the one of a plain array of numbers: " + shown(text.strip()));
        }
        NpyType type = NpyType.of(values[0]);
        if (type == null) {
            throw new VolumeFormatException(
                    file,
                    what + " has elements of type " + shown(values[0])
                            + ", expected integers of up to 64 bits, bool, float32 or float64");
        }
        List<Long> shape = shape(values[2]);
        NpyHeader header = new NpyHeader(type, values[1].equals("True"), shape, dataOffset);
        try {
            Math.multiplyExact(header.count(), (long) type.bytes());
        } catch (ArithmeticException e) {
            throw new VolumeFormatException(file, what + " announces the impossible shape " + header.shapeText());
        }
        return header;
    }

    /** The values of the three keys in any order; null when there is anything else. */
    private static String[] fields(String text) {
        if (!text.startsWith("{") || !text.endsWith("}")) {
            return null;
        }
        String[] values = new String[FIELDS.length];
        String rest = text.substring(1, text.length() - 1);
        while (!rest.isBlank()) {
            boolean taken = false;
            for (int n = 0; n < FIELDS.length && !taken; n++) {
                Matcher matcher = FIELDS[n].matcher(rest);
                if (values[n] == null && matcher.lookingAt()) {
                    values[n] = matcher.group(1);
                    rest = rest.substring(matcher.end());
                    taken = true;
                }
            }
            boolean comma = rest.startsWith(",");
            if (!taken || (!comma && !rest.isEmpty())) {
                return null;
            }
            rest = comma ? rest.substring(1) : rest;
        }
        return Arrays.asList(values).contains(null) || shape(values[2]) == null ? null : values;
    }

    /** The sizes in a tuple's text; null when there is anything else. */
    private static List<Long> shape(String text) {
        List<Long> shape = new ArrayList<>();
        String[] sides = text.isBlank() ? new String[0] : text.strip().split(",", MOST_AXES + 2);
        for (int i = 0; i < sides.length; i++) {
            String side = sides[i].strip();
            boolean trailing = side.isEmpty() && i > 0 && i == sides.length - 1;
            if (!trailing && !SIDE.matcher(side).matches()) {
                return null;
            }
            if (!trailing) {
                shape.add(Long.parseLong(side.replace("L", "")));
            }
        }
        return shape.size() > MOST_AXES ? null : shape;
    }

    private static String shown(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }

    /** A header of version 1 whose end is aligned as numpy aligns it. */
    static byte[] bytes(String descr, boolean columnMajor, long... shape) {
        List<Long> sides = Arrays.stream(shape).boxed().toList();
        StringBuilder text = new StringBuilder("{'descr': '" + descr + "', 'fortran_order': ")
                .append(columnMajor ? "True" : "False")
                .append(", 'shape': ")
                .append(new NpyHeader(NpyType.of(descr), columnMajor, sides, 0).shapeText())
                .append(", }");
        while ((10 + text.length() + 1) % ALIGNMENT != 0) {
            text.append(' ');
        }
        text.append('\n');
        byte[] dictionary = text.toString().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(10 + dictionary.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) dictionary.length)
                .put(dictionary)
                .array();
    }
}
