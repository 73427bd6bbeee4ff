package org.segvol.io;

import org.segvol.image.LengthUnit;
import org.segvol.image.VoxelType;

/** NIfTI's numbers for the types of voxels and for units. */
final class NiftiTypes {
    /** The part of the field of units that is about lengths; the rest is about time. */
    private static final int LENGTH = 7;

    private NiftiTypes() {}

    /** The type of a datatype code, or null when it is not one that this library reads. */
    static VoxelType type(int code) {
        for (VoxelType type : VoxelType.values()) {
            if (code(type) == code) {
                return type;
            }
        }
        return null;
    }

    /** The datatype code of a type. */
    static int code(VoxelType type) {
        return switch (type) {
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
        };
    }

    /** What a code that is not read stands for. */
    static String unsupported(int code) {
        String name =
                switch (code) {
                    case 1 -> "single bits";
                    case 32, 1792, 2048 -> "complex numbers";
                    case 128, 2304 -> "RGB colours";
                    case 1536 -> "float128";
                    default -> "an unknown kind";
                };
        return name + " (datatype " + code + ")";
    }

    /** The unit of lengths; millimetres where the field says nothing or something unknown. */
    static LengthUnit unit(byte field) {
        for (LengthUnit unit : LengthUnit.values()) {
            if (code(unit) == (field & LENGTH)) {
                return unit;
            }
        }
        return LengthUnit.MILLIMETRE;
    }

    /** The code of a unit of lengths. */
    static byte code(LengthUnit unit) {
        return switch (unit) {
            case METRE -> 1;
            case MILLIMETRE -> 2;
            case MICROMETRE -> 3;
        };
    }
}
