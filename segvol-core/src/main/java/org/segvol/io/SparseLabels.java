package org.segvol.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;

/**
 * The published form of labels (spec 5.1): a sparse matrix in rows, one row for a label, one column for a voxel (x,y,z) with z fastest, as
 * {@code scipy.sparse.save_npz} writes it; the shape stands in the file's name, such as {@code mask_(13, 512, 512, 300).npz}.
 *
 * <p>Files are read member by member without trusting what they announce: memory grows with the labels' bits only.
 */
public final class SparseLabels {
    private static final Pattern SHAPE =
            Pattern.compile("\\(([0-9]{1,9}), ?([0-9]{1,9}), ?([0-9]{1,9}), ?([0-9]{1,9})\\)");
    private static final int MOST_LABELS = 1 << 16;

    private final Path file;
    private final NpzFile zip;
    private final int rows;
    private final GridSize size;

    private SparseLabels(Path file, NpzFile zip, int rows, GridSize size) {
        this.file = file;
        this.zip = zip;
        this.rows = rows;
        this.size = size;
    }

    /** The name that says the shape of labels. */
    public static String fileName(int labels, GridSize size) {
        return "mask_(" + labels + ", " + size.ni() + ", " + size.nj() + ", " + size.nk() + ").npz";
    }

    /**
     * Reads all labels.
     *
     * @return one mask a row; a voxel belongs to it where the value is 1
     * @throws VolumeFormatException when the file is damaged, its name has no shape, or it holds other values than 0 and 1
     * @throws IOException when it cannot be read
     */
    public static List<Mask> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        Matcher shape = SHAPE.matcher(file.getFileName().toString());
        if (!shape.find()) {
            throw new VolumeFormatException(
                    file, "the name must say the shape of the labels, such as mask_(13, 512, 512, 300).npz");
        }
        int rows = Integer.parseInt(shape.group(1));
        if (rows < 1 || rows > MOST_LABELS) {
            throw new VolumeFormatException(
                    file, "from 1 to " + MOST_LABELS + " labels can be read, the name says " + rows);
        }
        GridSize size;
        try {
            size = new GridSize(
                    Integer.parseInt(shape.group(2)),
                    Integer.parseInt(shape.group(3)),
                    Integer.parseInt(shape.group(4)));
        } catch (IllegalArgumentException e) {
            throw new VolumeFormatException(file, "the shape in its name is no volume: " + e.getMessage());
        }
        try (NpzFile zip = NpzFile.open(file)) {
            return new SparseLabels(file, zip, rows, size).masks();
        } catch (EOFException | ZipException e) { // of the directory
            throw new VolumeFormatException(
                    file, "the zip file is damaged (" + e.getMessage() + "); copy the file again", e);
        }
    }

    /** What is done with an open member. */
    private interface Use<T> {
        T of(NpyStream stream) throws IOException;
    }

    private <T> T member(String name, Use<T> use) throws IOException {
        NpzFile.Member member = zip.member(name + ".npy");
        if (member == null) {
            throw new VolumeFormatException(
                    file, "the member " + name + ".npy is missing; expected what scipy.sparse.save_npz writes");
        }
        CRC32 found = new CRC32();
        try (InputStream raw = new CheckedInputStream(zip.bytes(member), found);
                InputStream in = new BufferedInputStream(raw, 1 << 16)) {
            T result = use.of(new NpyStream(in, file, member.name()));
            if (in.read() >= 0 || found.getValue() != member.crc32()) {
                throw new VolumeFormatException(
                        file, member.name() + " has the wrong length or checksum; the file is damaged, copy it again");
            }
            return result;
        } catch (EOFException | ZipException e) {
            throw new VolumeFormatException(
                    file, member.name() + " is damaged (" + e.getMessage() + "); copy the file again", e);
        }
    }

    private List<Mask> masks() throws IOException {
        requireFormat();
        long[] ends = ends();
        long filled = 0;
        for (int row = 0; row < rows; row++) {
            filled += ends[row + 1] > ends[row] ? 1 : 0;
        }
        long bytes = filled * (size.count() / 8);
        if (bytes > Runtime.getRuntime().maxMemory() / 2) {
            throw new VolumeFormatException(
                    file,
                    filled + " labels of " + size + " voxels need " + (bytes >> 20) + " MB, more than half of Java's "
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MB; give Java more with -Xmx");
        }
        return member("indices", columns -> member("data", values -> masks(ends, columns, values)));
    }

    private void requireFormat() throws IOException {
        member("format", s -> {
            String format = s.header().type().isNumber() || s.count() != 1 ? "something else" : s.nextText();
            if (!format.equals("csr")) {
                throw new VolumeFormatException(
                        file, "expected a sparse matrix in rows (csr), found " + format + "; save it with tocsr()");
            }
            return format;
        });
        long[] found = member("shape", s -> {
            requireIntegers(s, "shape.npy", 2);
            return new long[] {s.nextLong(), s.nextLong()};
        });
        if (found[0] != rows || found[1] != size.count()) {
            throw new VolumeFormatException(
                    file,
                    "the name says " + rows + " labels of " + size + " = " + size.count() + " voxels, the matrix has "
                            + found[0] + " rows and " + found[1] + " columns");
        }
    }

    private void requireIntegers(NpyStream stream, String name, long count) throws IOException {
        NpyHeader header = stream.header();
        if (!header.type().isInteger() || header.shape().size() != 1 || stream.count() != count) {
            throw new VolumeFormatException(
                    file,
                    name + " should hold " + count + " whole numbers, its shape is " + header.shapeText() + " of "
                            + header.type().kind());
        }
    }

    /** Where each row ends among all entries; the first number is 0. */
    private long[] ends() throws IOException {
        return member("indptr", s -> {
            requireIntegers(s, "indptr.npy", rows + 1L);
            long[] ends = new long[rows + 1];
            for (int row = 0; row <= rows; row++) {
                ends[row] = s.nextLong();
                if (row == 0 ? ends[0] != 0 : ends[row] < ends[row - 1] || ends[row] - ends[row - 1] > size.count()) {
                    throw new VolumeFormatException(
                            file,
                            "row " + Math.max(0, row - 1)
                                    + " has an impossible number of entries; the file is damaged");
                }
            }
            return ends;
        });
    }

    private List<Mask> masks(long[] ends, NpyStream columns, NpyStream values) throws IOException {
        requireIntegers(columns, "indices.npy", ends[rows]);
        if (!values.header().type().isNumber() || values.count() != ends[rows]) {
            throw new VolumeFormatException(
                    file,
                    "data.npy should hold " + ends[rows] + " numbers, its shape is "
                            + values.header().shapeText());
        }
        Mask none = Mask.builder(size).build();
        List<Mask> masks = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            masks.add(ends[row + 1] == ends[row] ? none : mask(row, ends[row + 1] - ends[row], columns, values));
        }
        return masks;
    }

    private Mask mask(int row, long entries, NpyStream columns, NpyStream values) throws IOException {
        Mask.Builder builder = Mask.builder(size);
        for (long n = 0; n < entries; n++) {
            long column = columns.nextLong();
            double value = values.nextDouble();
            if (column < 0 || column >= size.count()) {
                throw new VolumeFormatException(
                        file, "row " + row + " has an entry in column " + column + " of " + size.count());
            }
            if (value == 1) {
                int line = (int) column / size.nk();
                builder.set(line / size.nj(), line % size.nj(), (int) column % size.nk());
            } else if (value != 0) {
                throw new VolumeFormatException(file, "labels are 0 or 1, found " + value + " in row " + row);
            }
        }
        return builder.build();
    }
}
