package org.segvol.io;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.Voxels;

/** Reads and writes volumes as numpy's npy files: arrays (x,y,z) or (1,x,y,z), where x is the first stored axis i of a {@link Volume} (spec 5.1). */
public final class NumpyVolumes {
    private static final int BUFFER = 1 << 16;

    private NumpyVolumes() {}

    /**
     * Reads an array of numbers of any width, either byte order and either order of axes.
     *
     * @param file three axes, not counting axes of length one before them
     * @return float32 voxels; an npy file knows no place in the scanner's space, so voxels have 1 mm and no origin
     * @throws VolumeFormatException when it is not such an array, or damaged, or cut short
     * @throws IOException when it cannot be read
     */
    public static Volume read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            NpyStream stream = new NpyStream(in, file, "the array");
            GridSize size = size(stream.header(), file);
            long bytes = stream.count() * stream.header().type().bytes();
            if (Files.size(file) - stream.header().dataOffset() < bytes) {
                throw new VolumeFormatException(
                        file,
                        "the array announces " + bytes + " bytes of elements, the file has "
                                + (Files.size(file) - stream.header().dataOffset())
                                + "; it is cut short, copy it again");
            }
            float[] values = stream.header().columnMajor() ? straight(stream, size) : turned(stream, size);
            return new Volume(size, Voxels.of(values, 1, 0), Affine.scaling(1, 1, 1), Forms.NONE);
        }
    }

    private static GridSize size(NpyHeader header, Path file) throws VolumeFormatException {
        List<Long> shape = header.shape();
        if (!header.type().isNumber()) {
            throw new VolumeFormatException(file, "the array holds text, expected numbers");
        }
        int extra = shape.size() - 3;
        if (extra < 0 || shape.subList(0, extra).stream().anyMatch(side -> side != 1)) {
            throw new VolumeFormatException(
                    file, "expected an array of shape (x,y,z) or (1,x,y,z), found " + header.shapeText());
        }
        List<Integer> sides = new ArrayList<>();
        for (long side : shape.subList(extra, shape.size())) {
            sides.add((int) Math.min(side, Integer.MAX_VALUE));
        }
        try {
            return new GridSize(sides.get(0), sides.get(1), sides.get(2));
        } catch (IllegalArgumentException e) {
            throw new VolumeFormatException(
                    file, "the array's shape " + header.shapeText() + " is no volume: " + e.getMessage());
        }
    }

    /** The file's order is the volume's. */
    private static float[] straight(NpyStream stream, GridSize size) throws IOException {
        float[] values = new float[size.count()];
        for (int at = 0; at < values.length; at++) {
            values[at] = (float) stream.nextDouble();
        }
        return values;
    }

    /** The file's last axis is the fastest, the volume's first. */
    private static float[] turned(NpyStream stream, GridSize size) throws IOException {
        float[] values = new float[size.count()];
        int slice = size.ni() * size.nj();
        for (int i = 0; i < size.ni(); i++) {
            for (int j = 0; j < size.nj(); j++) {
                for (int k = 0, at = j * size.ni() + i; k < size.nk(); k++, at += slice) {
                    values[at] = (float) stream.nextDouble();
                }
            }
        }
        return values;
    }

    /**
     * Writes float32 values as an array (1,x,y,z). It is in Fortran order, which numpy reads like any other, so that slices can be written as they
     * come.
     *
     * @param values gives the slices
     * @param size of the volume
     * @param file replaced as a whole or left as it was
     */
    public static void writeFloats(FloatSlices values, GridSize size, Path file) throws IOException {
        float[] slice = new float[size.ni() * size.nj()];
        ByteBuffer bytes = ByteBuffer.allocate(slice.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        AtomicFile.write(file, raw -> {
            try (OutputStream out = new BufferedOutputStream(raw, BUFFER)) {
                out.write(NpyHeader.bytes("<f4", true, 1, size.ni(), size.nj(), size.nk()));
                for (int k = 0; k < size.nk(); k++) {
                    Arrays.fill(slice, 0);
                    values.slice(k, slice);
                    bytes.asFloatBuffer().put(slice);
                    out.write(bytes.array());
                }
            }
        });
    }

    /**
     * Writes whole numbers as an array (x,y,z) of int32 in C order.
     *
     * @param values the last axis fastest
     * @param size of the array
     * @param file replaced as a whole or left as it was
     */
    public static void writeInts(int[] values, GridSize size, Path file) throws IOException {
        if (values.length != size.count()) {
            throw new IllegalArgumentException(
                    "an array of " + size + " has " + size.count() + " values, found " + values.length);
        }
        AtomicFile.write(file, raw -> {
            try (OutputStream out = new BufferedOutputStream(raw, BUFFER)) {
                out.write(NpyHeader.bytes("<i4", false, size.ni(), size.nj(), size.nk()));
                ByteBuffer row = ByteBuffer.allocate(size.nk() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (int at = 0; at < values.length; at += size.nk()) {
                    row.asIntBuffer().put(values, at, size.nk());
                    out.write(row.array());
                }
            }
        });
    }
}
