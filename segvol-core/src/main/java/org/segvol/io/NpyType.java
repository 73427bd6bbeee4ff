package org.segvol.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * The elements of an npy array.
 *
 * @param kind what they are
 * @param order of their bytes
 */
record NpyType(Kind kind, ByteOrder order) {
    /** Kinds of elements, named as numpy's type strings name them. */
    enum Kind {
        BOOL("b1", 1),
        INT8("i1", 1),
        UINT8("u1", 1),
        INT16("i2", 2),
        UINT16("u2", 2),
        INT32("i4", 4),
        UINT32("u4", 4),
        INT64("i8", 8),
        UINT64("u8", 8),
        FLOAT32("f4", 4),
        FLOAT64("f8", 8),
        /** Three ASCII characters, such as {@code csr}. */
        TEXT3("S3", 3);

        private final String code;
        private final int bytes;

        Kind(String code, int bytes) {
            this.code = code;
            this.bytes = bytes;
        }
    }

    private static final Map<Character, ByteOrder> ORDERS = Map.of(
            '<', ByteOrder.LITTLE_ENDIAN,
            '>', ByteOrder.BIG_ENDIAN,
            '|', ByteOrder.LITTLE_ENDIAN,
            '=', ByteOrder.nativeOrder());

    /** The type of a string such as {@code <f4}; null when it is not one that is read. */
    static NpyType of(String descr) {
        ByteOrder order = descr.isEmpty() ? null : ORDERS.get(descr.charAt(0));
        for (Kind kind : Kind.values()) {
            if (order != null && kind.code.equals(descr.substring(1))) {
                return new NpyType(kind, order);
            }
        }
        return null;
    }

    /** Bytes of one element. */
    int bytes() {
        return kind.bytes;
    }

    /** Whether an element is a number. */
    boolean isNumber() {
        return kind != Kind.TEXT3;
    }

    /** Whether an element is a whole number. */
    boolean isInteger() {
        return isNumber() && kind != Kind.FLOAT32 && kind != Kind.FLOAT64;
    }

    /** The next element as double; integers beyond 2^53 are rounded. */
    double nextDouble(ByteBuffer bytes) {
        return switch (kind) {
            case FLOAT32 -> bytes.getFloat();
            case FLOAT64 -> bytes.getDouble();
            case UINT64 -> unsigned(bytes.getLong());
            default -> nextLong(bytes);
        };
    }

    /** The next element of an integer type; unsigned ones of 64 bits above 2^63 come out negative. */
    long nextLong(ByteBuffer bytes) {
        return switch (kind) {
            case BOOL, UINT8 -> bytes.get() & 0xFF;
            case INT8 -> bytes.get();
            case INT16 -> bytes.getShort();
            case UINT16 -> bytes.getShort() & 0xFFFF;
            case INT32 -> bytes.getInt();
            case UINT32 -> bytes.getInt() & 0xFFFFFFFFL;
            case INT64, UINT64 -> bytes.getLong();
            case FLOAT32, FLOAT64, TEXT3 -> throw new IllegalStateException("not an integer type: " + kind);
        };
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
    }
}
