package org.segvol.weights;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Arithmetic on tensor shapes that files give us: nothing overflows silently. */
final class Shapes {
    private Shapes() {}

    /** The product of the sizes; {@link ArithmeticException} when one is negative or the product does not fit. */
    static long count(long... shape) {
        long count = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new ArithmeticException("negative size " + size);
            }
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    /** Steps of a C-ordered tensor, in elements. */
    static long[] contiguousStrides(long... shape) {
        long[] strides = new long[shape.length];
        long step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= Math.max(1, shape[axis]);
        }
        return strides;
    }

    /** Whether a view with these strides is C-ordered without gaps; axes of size one may have any stride. */
    static boolean isContiguous(long[] shape, long[] strides) {
        long step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] != 1 && strides[axis] != step) {
                return shape[axis] == 0;
            }
            step *= shape[axis];
        }
        return true;
    }

    /** The shape for people: {@code (768, 1024)}. */
    static String text(long... shape) {
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", ", "(", ")"));
    }
}
