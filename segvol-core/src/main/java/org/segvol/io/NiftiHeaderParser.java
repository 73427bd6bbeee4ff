package org.segvol.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.LengthUnit;
import org.segvol.image.VoxelType;

/**
 * Reads and checks the header of one file (spec 3.1). Where the standard leaves room, it reads what nibabel reads, but for a single file that
 * puts its voxels at byte 0, into the header: they are read from behind it.
 */
final class NiftiHeaderParser {
    /** Extensions before the voxels that are longer than this are no extensions. */
    private static final long LARGEST_OFFSET = 1L << 31;
    /** Millimetres, more than the universe has; a power of two, so that rounding to single precision does not lead over it. */
    private static final double LARGEST_AFFINE = 0x1p100;

    private final Path file;
    private final byte[] bytes;
    private final ByteBuffer header;
    private final NiftiVersion version;

    private NiftiHeaderParser(Path file, byte[] bytes, ByteBuffer header, NiftiVersion version) {
        this.file = file;
        this.bytes = bytes;
        this.header = header;
        this.version = version;
    }

    /** The header at the start of a source; leaves the source just behind it.
     */
    static NiftiHeader parse(ByteSource source) throws IOException {
        byte[] bytes = new byte[NiftiVersion.TWO.headerBytes];
        int present = source.fill(bytes, NiftiVersion.ONE.headerBytes);
        ByteBuffer header = ByteBuffer.wrap(bytes);
        NiftiVersion version = version(bytes, header, source.file(), present);
        if (version == NiftiVersion.TWO) {
            byte[] rest = new byte[NiftiVersion.TWO.headerBytes - present];
            int more = source.fill(rest, rest.length);
            System.arraycopy(rest, 0, bytes, present, more);
            present += more;
        }
        if (present < version.headerBytes) {
            throw new VolumeFormatException(
                    source.file(),
                    "expected a NIfTI header of " + version.headerBytes + " bytes, found only " + present
                            + "; the file is cut short, copy it again");
        }
        return new NiftiHeaderParser(source.file(), bytes, header, version).header();
    }

    /** Whether a source starts with the size of a header. */
    static boolean startsHeader(ByteSource source) throws IOException {
        byte[] bytes = new byte[4];
        return stated(ByteBuffer.wrap(bytes), source.fill(bytes, bytes.length)) != null;
    }

    private static NiftiVersion version(byte[] bytes, ByteBuffer header, Path file, int present)
            throws VolumeFormatException {
        NiftiVersion version = stated(header, present);
        if (version == null) {
            throw new VolumeFormatException(file, "expected a NIfTI file, found " + describe(bytes, present));
        }
        return version;
    }

    /** The version whose header has the stated size, and the header's byte order with it; null when none has. */
    private static NiftiVersion stated(ByteBuffer header, int present) {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            int size = header.order(order).getInt(0);
            for (NiftiVersion version : NiftiVersion.values()) {
                if (present >= 4 && size == version.headerBytes) {
                    return version;
                }
            }
        }
        return null;
    }

    private static String describe(byte[] bytes, int present) {
        if (present == 0) {
            return "an empty file";
        }
        String start = new String(bytes, 0, 4, StandardCharsets.ISO_8859_1);
        String behindPreamble = new String(bytes, 128, 4, StandardCharsets.ISO_8859_1);
        if (behindPreamble.equals("DICM")) {
            return "a DICOM file; give the folder that holds its series, or convert it, for instance with dcm2niix";
        }
        if (start.equals("NRRD")) {
            return "an NRRD file; convert it first";
        }
        if (start.startsWith("PK")) {
            return "a zip archive; unpack it first";
        }
        return "something else (the first bytes are " + hex(bytes, Math.min(4, present)) + ")";
    }

    private static String hex(byte[] bytes, int n) {
        StringBuilder text = new StringBuilder();
        for (int k = 0; k < n; k++) {
            text.append(k == 0 ? "" : " ").append(String.format("%02x", bytes[k]));
        }
        return text.toString();
    }

    private NiftiHeader header() throws VolumeFormatException {
        boolean single = single();
        List<Long> dims = dims();
        GridSize size = size(dims);
        VoxelType type = type();
        double slope = version.real(header, version.slope, 0);
        double intercept = version.real(header, version.intercept, 0);
        boolean scaled = slope != 0 && Double.isFinite(slope);
        if (scaled && !Double.isFinite(intercept)) {
            throw new VolumeFormatException(
                    file, "expected a finite scl_inter beside scl_slope " + slope + ", found " + intercept);
        }
        Affine[] qform = new Affine[1];
        Affine affine = affine(size, qform);
        LengthUnit unit = NiftiTypes.unit(header.get(version.units));
        int sformCode = version.formCode(header, version.sformCode);
        int qformCode = qform[0] == null ? 0 : version.formCode(header, version.qformCode);
        return new NiftiHeader(
                header.order(),
                single,
                dims,
                size,
                type,
                offset(single),
                scaled ? slope : 1,
                scaled ? intercept : 0,
                unit.toMillimetres(affine),
                new Forms(sformCode, qformCode, qform[0] == null ? null : unit.toMillimetres(qform[0]), unit));
    }

    private boolean single() throws VolumeFormatException {
        String magic = new String(bytes, version.magic, 4, StandardCharsets.ISO_8859_1);
        String digit = version == NiftiVersion.ONE ? "1" : "2";
        if (magic.equals("n+" + digit + "\0")) {
            return true;
        }
        if (magic.equals("ni" + digit + "\0")) {
            return false;
        }
        throw new VolumeFormatException(
                file,
                "expected a NIfTI-" + digit + " mark (n+" + digit + " or ni" + digit + ") at byte " + version.magic
                        + ", found "
                        + hex(Arrays.copyOfRange(bytes, version.magic, version.magic + 4), 4)
                        + "; Analyze 7.5 files and damaged headers are not read");
    }

    /** Checked axis lengths, without ones at the end. */
    private List<Long> dims() throws VolumeFormatException {
        long axes = version.dim(header, 0);
        if (axes < 1 || axes > 7) {
            throw new VolumeFormatException(file, "expected 1 to 7 dimensions in dim[0], found " + axes);
        }
        List<Long> dims = new ArrayList<>();
        long product = 1;
        for (int n = 1; n <= axes; n++) {
            long length = version.dim(header, n);
            if (length < 1) {
                throw new VolumeFormatException(file, "expected a positive length in dim[" + n + "], found " + length);
            }
            if (length > (Long.MAX_VALUE >> 4) / product) {
                throw new VolumeFormatException(
                        file,
                        "the dimensions multiply to more than a file can hold (dim[" + n + "] is " + length + ")");
            }
            product *= length;
            dims.add(length);
        }
        while (dims.size() > 1 && dims.get(dims.size() - 1) == 1) {
            dims.remove(dims.size() - 1);
        }
        return List.copyOf(dims);
    }

    private GridSize size(List<Long> dims) throws VolumeFormatException {
        if (dims.size() < 3) {
            throw new VolumeFormatException(
                    file,
                    "expected a volume of at least two slices, found one ("
                            + Stream.concat(dims.stream(), Stream.of(1L, 1L))
                                    .limit(3)
                                    .map(String::valueOf)
                                    .collect(Collectors.joining("x"))
                            + ")");
        }
        long largest = Integer.MAX_VALUE - 8;
        long ni = dims.get(0), nj = dims.get(1), nk = dims.get(2);
        if (ni > largest || nj > largest / ni || nk > largest / (ni * nj)) {
            throw new VolumeFormatException(
                    file, "at most " + largest + " voxels are supported, found " + ni + "x" + nj + "x" + nk);
        }
        return new GridSize((int) ni, (int) nj, (int) nk);
    }

    private VoxelType type() throws VolumeFormatException {
        int code = header.getShort(version.datatype);
        VoxelType type = NiftiTypes.type(code);
        if (type == null) {
            throw new VolumeFormatException(
                    file,
                    "expected integer or floating point voxels of at most 8 bytes, found "
                            + NiftiTypes.unsupported(code));
        }
        return type;
    }

    private long offset(boolean single) throws VolumeFormatException {
        double stated = version.voxelOffset(header);
        if (single && stated == 0) {
            return version.firstVoxelByte;
        }
        double smallest = single ? version.firstVoxelByte : 0;
        if (!(stated >= smallest && stated <= LARGEST_OFFSET) || stated != Math.rint(stated)) {
            throw new VolumeFormatException(
                    file,
                    "expected the voxels to start at a whole byte from " + (long) smallest + " on, found vox_offset "
                            + stated);
        }
        return (long) stated;
    }

    /** The affine in effect; also the quaternion's own, where it is stated and usable. */
    private Affine affine(GridSize size, Affine[] qform) throws VolumeFormatException {
        boolean sformCounts = version.formCode(header, version.sformCode) > 0;
        try {
            if (version.formCode(header, version.qformCode) > 0) {
                qform[0] = usable(quaternion()
                        .toAffine(
                                version == NiftiVersion.ONE
                                        ? Quaternion.SINGLE_TOLERANCE
                                        : Quaternion.DOUBLE_TOLERANCE));
            }
        } catch (IllegalArgumentException e) {
            if (!sformCounts) {
                throw new VolumeFormatException(file, "expected a usable qform, found that " + e.getMessage());
            }
        }
        try {
            if (sformCounts) {
                double[] rows = new double[12];
                for (int n = 0; n < 12; n++) {
                    rows[n] = version.real(header, version.sformRows, n);
                }
                return usable(Affine.ofRows(rows));
            }
            return qform[0] != null ? qform[0] : usable(FallbackAffine.of(size, spacing()));
        } catch (IllegalArgumentException e) {
            throw new VolumeFormatException(file, "expected a finite affine, found that " + e.getMessage());
        }
    }

    private static Affine usable(Affine affine) {
        for (int n = 0; n < 12; n++) {
            double value = affine.get(n / 4, n % 4);
            if (Math.abs(value) > LARGEST_AFFINE) {
                throw new IllegalArgumentException(
                        "an affine needs numbers up to " + LARGEST_AFFINE + ", found " + value);
            }
        }
        return affine;
    }

    private Quaternion quaternion() {
        double qfac = version.real(header, version.pixdim, 0) == -1 ? -1 : 1;
        return new Quaternion(triple(version.quaternion), qfac, spacing(), triple(version.qformOffset));
    }

    private double[] triple(int field) {
        return new double[] {
            version.real(header, field, 0), version.real(header, field, 1), version.real(header, field, 2)
        };
    }

    /** Voxel sizes; nibabel takes 0 for 1 and drops signs. */
    private double[] spacing() {
        double[] spacing = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            double stated = Math.abs(version.real(header, version.pixdim, axis + 1));
            spacing[axis] = stated == 0 ? 1 : stated;
        }
        return spacing;
    }
}
