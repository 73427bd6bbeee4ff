package org.segvol.onednn;

import org.bytedeco.javacpp.BytePointer;

/**
 * A piece of native memory that a compiled network uses. Where it lies is decided when all of them are known: in the memory of each
 * execution, in the network's constants, or at an address of its own (weights).
 */
final class Storage {
    /** After the last operation: read by the caller, or by operations of another phase. */
    static final int FOREVER = Integer.MAX_VALUE;

    /** Whose memory a storage is part of. */
    enum Place {
        /** Written anew by every run. */
        EXECUTION,
        /** Written once, when the network is compiled. */
        CONSTANTS,
        /** Weights, or constants of the definition. */
        WEIGHTS
    }

    private final Place place;
    private final long bytes;
    private final int first;
    private int last;
    private long offset = -1;
    private final BytePointer address;

    private Storage(Place place, long bytes, int first, int last, BytePointer address) {
        this.place = place;
        this.bytes = bytes;
        this.first = first;
        this.last = last;
        this.address = address;
    }

    /** Memory in use from the operation at position {@code first} to that at {@code last}, both included. */
    static Storage planned(boolean constant, long bytes, int first, int last) {
        return new Storage(constant ? Place.CONSTANTS : Place.EXECUTION, bytes, first, last, null);
    }

    /** Memory that exists and must not be written. */
    static Storage weights(BytePointer address, long bytes) {
        return new Storage(Place.WEIGHTS, bytes, -1, FOREVER, address);
    }

    Place place() {
        return place;
    }

    long bytes() {
        return bytes;
    }

    int first() {
        return first;
    }

    int last() {
        return last;
    }

    /** Keeps the storage in use until a later operation. */
    void extend(int position) {
        last = Math.max(last, position);
    }

    long offset() {
        return offset;
    }

    void placeAt(long at) {
        offset = at;
    }

    /** Where weights lie; null for planned memory. */
    BytePointer address() {
        return address;
    }

    boolean overlaps(Storage other) {
        return first <= other.last && other.first <= last;
    }
}
