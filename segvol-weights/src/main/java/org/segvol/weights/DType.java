package org.segvol.weights;

/** Element types of stored tensors, named as safetensors names them. All are little-endian in a file. */
public enum DType {
    /** IEEE double precision. */
    F64(8, true),
    /** IEEE single precision. */
    F32(4, true),
    /** IEEE half precision. */
    F16(2, true),
    /** The upper half of a single-precision number. */
    BF16(2, true),
    /** Signed, 64 bits. */
    I64(8, false),
    /** Signed, 32 bits. */
    I32(4, false),
    /** Signed, 16 bits. */
    I16(2, false),
    /** Signed, 8 bits. */
    I8(1, false),
    /** Unsigned, 64 bits. */
    U64(8, false),
    /** Unsigned, 32 bits. */
    U32(4, false),
    /** Unsigned, 16 bits. */
    U16(2, false),
    /** Unsigned, 8 bits. */
    U8(1, false),
    /** One byte, 0 or 1. */
    BOOL(1, false);

    private final int bytes;
    private final boolean floating;

    DType(int bytes, boolean floating) {
        this.bytes = bytes;
        this.floating = floating;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether this is a floating-point type; only such tensors are weights. */
    public boolean isFloating() {
        return floating;
    }
}
