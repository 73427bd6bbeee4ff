package org.segvol.weights;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Reads floating-point elements of a little-endian buffer as float32. Indices count elements. */
final class ElementReader {
    private final DType dtype;
    private final FloatBuffer singles;
    private final ShortBuffer halves;
    private final DoubleBuffer doubles;

    ElementReader(DType dtype, ByteBuffer bytes) {
        this.dtype = dtype;
        this.singles = bytes.asFloatBuffer();
        this.halves = bytes.asShortBuffer();
        this.doubles = bytes.asDoubleBuffer();
    }

    /** Copies consecutive elements. */
    void copyRun(int start, int count, FloatBuffer target) {
        if (dtype == DType.F32) {
            target.put(singles.slice(start, count));
        } else {
            copyRow(start, 1, count, target);
        }
    }

    /** Copies {@code count} elements, each {@code stride} after the one before. */
    void copyRow(int start, int stride, int count, FloatBuffer target) {
        switch (dtype) {
            case F32 -> {
                for (int i = 0, at = start; i < count; i++, at += stride) {
                    target.put(singles.get(at));
                }
            }
            case F16 -> {
                for (int i = 0, at = start; i < count; i++, at += stride) {
                    target.put(HalfPrecision.float16ToFloat(halves.get(at)));
                }
            }
            case BF16 -> {
                for (int i = 0, at = start; i < count; i++, at += stride) {
                    target.put(HalfPrecision.bfloat16ToFloat(halves.get(at)));
                }
            }
            case F64 -> {
                for (int i = 0, at = start; i < count; i++, at += stride) {
                    target.put((float) doubles.get(at));
                }
            }
            default -> throw new IllegalArgumentException("expected a floating-point type, found " + dtype);
        }
    }
}
