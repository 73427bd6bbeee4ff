package org.segvol.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.segvol.image.GridSize;
import org.segvol.image.LengthUnit;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;

/**
 * Writes a result in the grid of a source volume, with the source's transforms in its unit (spec 3.5). Little-endian, single file, version 1
 * unless a side is too long for it or its precision would move the affine. The same input gives the same bytes.
 */
final class NiftiWriter {
    private static final int BUFFER = 1 << 16;
    private static final String DESCRIPTION = "SegVol for the JVM";

    private final GridSize size;
    private final VoxelType type;
    private final double calMax;
    private final WrittenForms forms;
    private final LengthUnit unit;

    private NiftiWriter(Volume like, VoxelType type, double calMax) {
        this.size = like.size();
        this.type = type;
        this.calMax = calMax;
        this.forms = WrittenForms.of(like);
        this.unit = like.forms().unit();
    }

    static void labels(LabelSlices source, int largest, Volume like, Path file) throws IOException {
        VoxelType type = largest > 0xFF ? VoxelType.UINT16 : VoxelType.UINT8;
        short[] slice = new short[like.size().ni() * like.size().nj()];
        byte[] narrow = new byte[type == VoxelType.UINT8 ? slice.length : 0];
        new NiftiWriter(like, type, largest).write(file, (k, bytes) -> {
            Arrays.fill(slice, (short) 0);
            source.slice(k, slice);
            for (short label : slice) {
                if (Short.toUnsignedInt(label) > largest) {
                    throw new IllegalArgumentException("labels up to " + largest + " were announced, found "
                            + Short.toUnsignedInt(label) + " in slice " + k);
                }
            }
            if (type == VoxelType.UINT8) {
                for (int i = 0; i < slice.length; i++) {
                    narrow[i] = (byte) slice[i];
                }
                bytes.put(narrow);
            } else {
                bytes.asShortBuffer().put(slice);
                bytes.position(bytes.capacity());
            }
        });
    }

    static void floats(FloatSlices source, double largest, Volume like, Path file) throws IOException {
        float[] slice = new float[like.size().ni() * like.size().nj()];
        new NiftiWriter(like, VoxelType.FLOAT32, largest).write(file, (k, bytes) -> {
            Arrays.fill(slice, 0);
            source.slice(k, slice);
            bytes.asFloatBuffer().put(slice);
            bytes.position(bytes.capacity());
        });
    }

    static void volume(Volume volume, Path file) throws IOException {
        Voxels voxels = volume.voxels();
        boolean whole = voxels.type().bytes() <= 2 && voxels.slope() == 1 && voxels.intercept() == 0;
        VoxelType type = whole ? voxels.type() : VoxelType.FLOAT32;
        float[] slice = new float[volume.size().ni() * volume.size().nj()];
        new NiftiWriter(volume, type, 0).write(file, (k, bytes) -> {
            voxels.read(k * slice.length, slice.length, slice, 0);
            for (float value : slice) {
                switch (type.bytes()) {
                    case 1 -> bytes.put((byte) value);
                    case 2 -> bytes.putShort((short) value);
                    default -> bytes.putFloat(value);
                }
            }
        });
    }

    /** Encodes one slice to the end of the buffer. */
    private interface Encoder {
        void encode(int k, ByteBuffer bytes);
    }

    private void write(Path file, Encoder encoder) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean gzip = name.endsWith(".nii.gz");
        if (!gzip && !name.endsWith(".nii")) {
            throw new IllegalArgumentException(
                    file.getFileName() + ": expected a name that ends with .nii or .nii.gz to write to");
        }
        long sliceBytes = (long) size.ni() * size.nj() * type.bytes();
        if (sliceBytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    file.getFileName() + ": a slice of " + size.ni() + "x" + size.nj() + " is too large to write");
        }
        AtomicFile.write(file, raw -> {
            try (OutputStream out = gzip ? new GZIPOutputStream(raw, BUFFER) : new BufferedOutputStream(raw, BUFFER)) {
                out.write(header());
                byte[] bytes = new byte[(int) sliceBytes];
                ByteBuffer slice = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                for (int k = 0; k < size.nk(); k++) {
                    encoder.encode(k, slice.clear());
                    out.write(bytes);
                }
            }
        });
    }

    private byte[] header() {
        int longest = Math.max(size.ni(), Math.max(size.nj(), size.nk()));
        boolean small = longest <= Short.MAX_VALUE && forms.fitSinglePrecision();
        NiftiVersion version = small ? NiftiVersion.ONE : NiftiVersion.TWO;
        byte[] bytes = new byte[version.firstVoxelByte];
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0, version.headerBytes);
        byte[] magic = (small ? "n+1\0" : "n+2\0\r\n\032\n").getBytes(StandardCharsets.ISO_8859_1);
        header.put(version.magic, magic);
        version.putDim(header, 0, 3);
        for (int n = 1; n <= 7; n++) {
            version.putDim(header, n, n <= 3 ? size.side(n - 1) : 1);
        }
        header.putShort(version.datatype, (short) NiftiTypes.code(type));
        header.putShort(version.bitpix, (short) (8 * type.bytes()));
        version.putVoxelOffset(header, version.firstVoxelByte);
        version.putReal(header, version.slope, 0, 1);
        version.putReal(header, version.calMax, 0, calMax);
        header.put(version.units, NiftiTypes.code(unit));
        header.put(version.description, DESCRIPTION.getBytes(StandardCharsets.US_ASCII));
        forms.put(version, header);
        return bytes;
    }
}
