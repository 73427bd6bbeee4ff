package org.segvol.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * What a DICOM file says of its image, and where its pixels are.
 *
 * @param file where it is
 * @param syntax identifier of the transfer syntax
 * @param order of the numbers' bytes
 * @param values the attributes of {@link DicomParser#WANTED} that it has, as they stand in the file, by tag
 * @param pixels position of the pixels in the file, or -1 without pixels
 * @param pixelBytes how many bytes of pixels it announces, or {@link DicomParser#UNDEFINED}
 * @param complete whether the file is long enough for them
 */
record DicomFile(
        Path file,
        String syntax,
        ByteOrder order,
        Map<Integer, byte[]> values,
        long pixels,
        long pixelBytes,
        boolean complete) {
    /** No position in mm and no factor of an image is larger. */
    private static final double LARGEST_NUMBER = 1e7;

    boolean hasPixels() {
        return pixels >= 0;
    }

    /** An attribute's text without padding, or an empty one when it is missing. */
    String text(int tag) {
        byte[] value = values.getOrDefault(tag, new byte[0]);
        String sets = new String(values.getOrDefault(DicomTags.CHARACTER_SET, new byte[0]), StandardCharsets.US_ASCII);
        Charset charset = sets.contains("192") ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        return new String(value, charset).replace('\0', ' ').strip();
    }

    /**
     * An attribute's decimal numbers.
     *
     * @param count how many it must have
     * @throws VolumeFormatException when it is missing, or has others
     */
    double[] numbers(int tag, String name, int count) throws VolumeFormatException {
        double[] numbers = Arrays.stream(text(tag).split("\\\\", -1))
                .mapToDouble(DicomFile::decimal)
                .toArray();
        if (numbers.length != count || !Arrays.stream(numbers).allMatch(n -> Math.abs(n) <= LARGEST_NUMBER)) {
            throw new VolumeFormatException(
                    file, "expected " + count + " numbers as " + name + ", found '" + text(tag) + "'");
        }
        return numbers;
    }

    /** A number, or NaN for what is none. */
    private static double decimal(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** A decimal number, or {@code missing} when the attribute is missing or empty. */
    double number(int tag, String name, double missing) throws VolumeFormatException {
        return text(tag).isEmpty() ? missing : numbers(tag, name, 1)[0];
    }

    /**
     * A whole number of 16 bits.
     *
     * @throws VolumeFormatException when the attribute is missing or has another length
     */
    int whole(int tag, String name) throws VolumeFormatException {
        byte[] value = values.get(tag);
        if (value == null || value.length != Short.BYTES) {
            throw new VolumeFormatException(file, "it does not say its " + name + ", which every DICOM image must");
        }
        return Short.toUnsignedInt(ByteBuffer.wrap(value).order(order).getShort());
    }
}
