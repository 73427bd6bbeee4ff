package org.segvol.layers;

import java.util.Arrays;

/** A handle to the result of one recorded operation. It holds no numbers, only its shape; C order, last axis fastest. */
public final class Tensor {
    private final int id;
    private final int[] shape;

    Tensor(int id, int[] shape) {
        this.id = id;
        this.shape = shape;
    }

    /** Position of the operation in its definition. */
    public int id() {
        return id;
    }

    /** All sizes; a copy. */
    public int[] shape() {
        return shape.clone();
    }

    /** Number of axes. */
    public int rank() {
        return shape.length;
    }

    /** Size of an axis; negative axes count from the end. */
    public int dim(int axis) {
        return shape[axis < 0 ? shape.length + axis : axis];
    }

    /** Number of elements. */
    public int count() {
        int n = 1;
        for (int s : shape) {
            n = Math.multiplyExact(n, s);
        }
        return n;
    }

    @Override
    public String toString() {
        return "#" + id + Arrays.toString(shape);
    }
}
