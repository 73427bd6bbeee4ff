package org.segvol.testing;

import java.util.Arrays;
import java.util.Locale;

/** Compares tensors and tells where they differ most. */
public final class TensorAssert {
    private TensorAssert() {}

    /**
     * Checks that every element differs by at most {@code atol}; NaN only equals NaN.
     *
     * @param what names the tensor in the message
     * @param expected reference values in C order
     * @param actual values to check
     * @param shape both tensors' sizes
     * @param atol largest absolute difference that is allowed
     * @return the largest absolute difference
     */
    public static double assertClose(String what, float[] expected, float[] actual, long[] shape, double atol) {
        assertSize(what, expected, shape, "expected");
        assertSize(what, actual, shape, "actual");
        int worst = -1;
        double largest = 0;
        double largestRelative = 0;
        int mismatchedNaN = 0;
        for (int i = 0; i < expected.length; i++) {
            if (Float.isNaN(expected[i]) != Float.isNaN(actual[i])) {
                mismatchedNaN++;
            } else if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
                double difference = Math.abs((double) expected[i] - actual[i]);
                largestRelative = Math.max(largestRelative, difference / Math.abs((double) expected[i]));
                if (difference > largest || Double.isNaN(difference)) {
                    largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
                    worst = i;
                }
            }
        }
        if (largest > atol || mismatchedNaN > 0) {
            throw new AssertionError(String.format(
                    Locale.ROOT,
                    "%s %s: largest absolute difference %.3g at %s (expected %s, found %s), allowed %.3g; "
                            + "largest relative difference %.3g; NaN: %d expected, %d found",
                    what,
                    Arrays.toString(shape),
                    largest,
                    worst < 0 ? "-" : Arrays.toString(index(worst, shape)),
                    worst < 0 ? "-" : expected[worst],
                    worst < 0 ? "-" : actual[worst],
                    atol,
                    largestRelative,
                    countNaN(expected),
                    countNaN(actual)));
        }
        return largest;
    }

    /** Checks that all elements have the same bits. */
    public static void assertSameBits(String what, float[] expected, float[] actual, long[] shape) {
        assertSize(what, expected, shape, "expected");
        assertSize(what, actual, shape, "actual");
        int different = 0;
        int first = -1;
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
                first = different == 0 ? i : first;
                different++;
            }
        }
        if (different > 0) {
            assertClose(what, expected, actual, shape, 0);
            throw new AssertionError(what + " " + Arrays.toString(shape) + ": " + different
                    + " elements have other bits, the first at " + Arrays.toString(index(first, shape)) + ": expected "
                    + Integer.toHexString(Float.floatToRawIntBits(expected[first])) + ", found "
                    + Integer.toHexString(Float.floatToRawIntBits(actual[first])));
        }
    }

    private static void assertSize(String what, float[] values, long[] shape, String which) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        if (values.length != count) {
            throw new AssertionError(what + " " + Arrays.toString(shape) + ": the " + which + " tensor has "
                    + values.length + " elements, the shape says " + count);
        }
    }

    private static long[] index(int flat, long[] shape) {
        long[] index = new long[shape.length];
        long rest = flat;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return index;
    }

    private static int countNaN(float[] values) {
        int count = 0;
        for (float value : values) {
            count += Float.isNaN(value) ? 1 : 0;
        }
        return count;
    }
}
