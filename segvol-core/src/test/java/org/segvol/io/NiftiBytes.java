package org.segvol.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.segvol.image.VoxelType;

/**
 * Headers and voxels for tests, laid out by hand from the standard's table and not through the library's own layout, so that an
 * offset that is wrong there is noticed here.
 */
final class NiftiBytes {
    private final boolean two;
    private final ByteOrder order;
    private final ByteBuffer header;
    private byte[] voxels = new byte[0];

    NiftiBytes(int version, ByteOrder order) {
        this.two = version == 2;
        this.order = order;
        header = ByteBuffer.allocate(two ? 544 : 352).order(order);
        header.putInt(0, two ? 540 : 348);
        header.put(two ? 4 : 344, (two ? "n+2\0\r\n\032\n" : "n+1\0").getBytes(StandardCharsets.ISO_8859_1));
        offset(two ? 544 : 352);
        scale(1, 0);
        for (int n = 0; n < 8; n++) {
            pixdim(n, 1);
        }
    }

    /** 2 x 3 x 4 voxels of int16 that count from 0. */
    static NiftiBytes small() {
        return new NiftiBytes(1, ByteOrder.LITTLE_ENDIAN).dims(2, 3, 4).counting(VoxelType.INT16, 24, 1);
    }

    ByteBuffer header() {
        return header;
    }

    NiftiBytes dims(long... dims) {
        dim(0, dims.length);
        for (int n = 1; n <= 7; n++) {
            dim(n, n <= dims.length ? dims[n - 1] : 1);
        }
        return this;
    }

    NiftiBytes dim(int n, long value) {
        if (two) {
            header.putLong(16 + 8 * n, value);
        } else {
            header.putShort(40 + 2 * n, (short) value);
        }
        return this;
    }

    NiftiBytes pixdim(int n, double value) {
        return real(two ? 104 : 76, n, value);
    }

    NiftiBytes scale(double slope, double intercept) {
        return real(two ? 176 : 112, 0, slope).real(two ? 184 : 116, 0, intercept);
    }

    NiftiBytes qform(int code, double b, double c, double d, double x, double y, double z) {
        code(two ? 344 : 252, code);
        double[] values = {b, c, d, x, y, z};
        for (int n = 0; n < 6; n++) {
            real(two ? 352 : 256, n, values[n]);
        }
        return this;
    }

    NiftiBytes sform(int code, double... rows) {
        code(two ? 348 : 254, code);
        for (int n = 0; n < rows.length; n++) {
            real(two ? 400 : 280, n, rows[n]);
        }
        return this;
    }

    private void code(int at, int code) {
        if (two) {
            header.putInt(at, code);
        } else {
            header.putShort(at, (short) code);
        }
    }

    private NiftiBytes real(int at, int n, double value) {
        if (two) {
            header.putDouble(at + 8 * n, value);
        } else {
            header.putFloat(at + 4 * n, (float) value);
        }
        return this;
    }

    NiftiBytes offset(double bytes) {
        if (two) {
            header.putLong(168, (long) bytes);
        } else {
            header.putFloat(108, (float) bytes);
        }
        return this;
    }

    NiftiBytes datatype(int code) {
        header.putShort(two ? 12 : 70, (short) code);
        return this;
    }

    NiftiBytes magic(String magic) {
        header.put(two ? 4 : 344, magic.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Voxels {@code 0, step, 2 step, ...}, wrapped round as the type wraps. */
    NiftiBytes counting(VoxelType type, int count, long step) {
        datatype(
                switch (type) {
                    case UINT8 -> 2;
                    case INT16 -> 4;
                    case INT32 -> 8;
                    case FLOAT32 -> 16;
                    case FLOAT64 -> 64;
                    case INT8 -> 256;
                    case UINT16 -> 512;
                    case UINT32 -> 768;
                    case INT64 -> 1024;
                    case UINT64 -> 1280;
                });
        ByteBuffer raw = ByteBuffer.allocate(count * type.bytes()).order(order);
        for (int n = 0; n < count; n++) {
            long v = n * step;
            switch (type) {
                case UINT8, INT8 -> raw.put((byte) v);
                case UINT16, INT16 -> raw.putShort((short) v);
                case UINT32, INT32 -> raw.putInt((int) v);
                case UINT64, INT64 -> raw.putLong(v);
                case FLOAT32 -> raw.putFloat((float) v);
                case FLOAT64 -> raw.putDouble((double) v);
            }
        }
        voxels = raw.array();
        return this;
    }

    byte[] voxels() {
        return voxels;
    }

    /** Header, extension flag, {@code gap} bytes, voxels. */
    byte[] file(int gap) {
        ByteBuffer all = ByteBuffer.allocate(header.capacity() + gap + voxels.length);
        return all.put(header.array())
                .position(header.capacity() + gap)
                .put(voxels)
                .array();
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    Path write(Path file) throws IOException {
        return Files.write(file, file(0));
    }
}
