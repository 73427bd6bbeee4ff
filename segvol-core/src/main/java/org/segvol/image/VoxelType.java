package org.segvol.image;

import java.util.Locale;

/** How voxels are stored, before scaling. */
public enum VoxelType {
    UINT8(1),
    INT8(1),
    INT16(2),
    UINT16(2),
    INT32(4),
    UINT32(4),
    INT64(8),
    UINT64(8),
    FLOAT32(4),
    FLOAT64(8);

    private final int bytes;

    VoxelType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one voxel. */
    public int bytes() {
        return bytes;
    }

    /** The name as numpy writes it, such as {@code int16}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
