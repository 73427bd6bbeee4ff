package org.segvol.io;

import java.nio.ByteBuffer;

/** Where the fields of a NIfTI header stand, and how wide they are. Offsets are bytes from the start of the header. */
enum NiftiVersion {
    ONE(348, 352, 344, 40, 2, 70, 72, 76, 4, 108, 112, 116, 123, 124, 148, 252, 254, 2, 256, 268, 280),
    TWO(540, 544, 4, 16, 8, 12, 14, 104, 8, 168, 176, 184, 500, 192, 240, 344, 348, 4, 352, 376, 400);

    /** Bytes of the header itself. */
    final int headerBytes;
    /** The first byte that voxels of a single file can occupy. */
    final int firstVoxelByte;

    final int magic;
    final int dim;
    final int dimBytes;
    final int datatype;
    final int bitpix;
    final int pixdim;
    final int realBytes;
    final int voxOffset;
    final int slope;
    final int intercept;
    final int units;
    final int calMax;
    final int description;
    final int qformCode;
    final int sformCode;
    final int codeBytes;
    final int quaternion;
    final int qformOffset;
    final int sformRows;

    NiftiVersion(int... at) {
        headerBytes = at[0];
        firstVoxelByte = at[1];
        magic = at[2];
        dim = at[3];
        dimBytes = at[4];
        datatype = at[5];
        bitpix = at[6];
        pixdim = at[7];
        realBytes = at[8];
        voxOffset = at[9];
        slope = at[10];
        intercept = at[11];
        units = at[12];
        calMax = at[13];
        description = at[14];
        qformCode = at[15];
        sformCode = at[16];
        codeBytes = at[17];
        quaternion = at[18];
        qformOffset = at[19];
        sformRows = at[20];
    }

    /** The n-th real number from a field on. */
    double real(ByteBuffer header, int field, int n) {
        return realBytes == 4 ? header.getFloat(field + 4 * n) : header.getDouble(field + 8 * n);
    }

    void putReal(ByteBuffer header, int field, int n, double value) {
        if (realBytes == 4) {
            header.putFloat(field + 4 * n, (float) value);
        } else {
            header.putDouble(field + 8 * n, value);
        }
    }

    /** {@code dim[n]}. */
    long dim(ByteBuffer header, int n) {
        return dimBytes == 2 ? header.getShort(dim + 2 * n) : header.getLong(dim + 8 * n);
    }

    void putDim(ByteBuffer header, int n, long value) {
        if (dimBytes == 2) {
            header.putShort(dim + 2 * n, (short) value);
        } else {
            header.putLong(dim + 8 * n, value);
        }
    }

    /** The code of a transform; nibabel, and so this, takes codes outside 0..5 for 0. */
    int formCode(ByteBuffer header, int field) {
        int code = codeBytes == 2 ? header.getShort(field) : header.getInt(field);
        return code < 0 || code > 5 ? 0 : code;
    }

    void putFormCode(ByteBuffer header, int field, int code) {
        if (codeBytes == 2) {
            header.putShort(field, (short) code);
        } else {
            header.putInt(field, code);
        }
    }

    /** NIfTI-1 keeps the offset of the voxels as a float. */
    double voxelOffset(ByteBuffer header) {
        return this == ONE ? header.getFloat(voxOffset) : header.getLong(voxOffset);
    }

    void putVoxelOffset(ByteBuffer header, int value) {
        if (this == ONE) {
            header.putFloat(voxOffset, value);
        } else {
            header.putLong(voxOffset, value);
        }
    }
}
