package org.segvol.weights;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
        boolean contiguous = true;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] == 0) {
                return true;
            }
            contiguous &= shape[axis] == 1 || strides[axis] == step;
            step *= shape[axis];
        }
        return contiguous;
    }

    /**
     * Whether two indices of a view can mean the same element. From the smallest stride to the largest, each must step over all that the
     * smaller ones reach; slices, transpositions and permutations of plain tensors do. Strides are not negative, and the last element's
     * position fits a long.
     */
    static boolean overlaps(long[] shape, long[] strides) {
        Integer[] axes = IntStream.range(0, shape.length)
                .filter(axis -> shape[axis] != 1)
                .boxed()
                .sorted(Comparator.comparingLong(axis -> strides[axis]))
                .toArray(Integer[]::new);
        long reach = 0;
        boolean overlaps = false;
        for (int axis : axes) {
            if (shape[axis] == 0) {
                return false;
            }
            overlaps |= strides[axis] <= reach;
            reach += (shape[axis] - 1) * strides[axis];
        }
        return overlaps;
    }

    /** The shape for people: {@code (768, 1024)}. */
    static String text(long... shape) {
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", ", "(", ")"));
    }
}
