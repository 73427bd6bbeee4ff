package org.segvol.weights;

import java.util.Arrays;
import java.util.Objects;

/** Name, element type and shape of a stored tensor. An immutable value: the shape is copied in and out. */
public final class TensorInfo {
    private final String name;
    private final DType dtype;
    private final long[] shape;

    /**
     * Describes a tensor.
     *
     * @param name the tensor's name, canonical (spec 6.1) for a checkpoint's tensors
     * @param dtype how the elements are stored
     * @param shape sizes along each axis, C order; none for a scalar
     * @throws IllegalArgumentException when a size is negative or the number of elements does not fit a {@code long}
     */
    public TensorInfo(String name, DType dtype, long... shape) {
        this.name = Objects.requireNonNull(name, "name");
        this.dtype = Objects.requireNonNull(dtype, "dtype");
        this.shape = shape.clone();
        try {
            Shapes.count(shape);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    name + ": the shape " + Shapes.text(shape) + " is negative or has too many elements", e);
        }
    }

    /** The tensor's name. */
    public String name() {
        return name;
    }

    /** How the elements are stored. */
    public DType dtype() {
        return dtype;
    }

    /** A copy of the sizes along each axis, C order. */
    public long[] shape() {
        return shape.clone();
    }

    /** The number of elements: the product of the shape, 1 for a scalar. */
    public long elementCount() {
        return Shapes.count(shape);
    }

    /** The number of axes. */
    public int rank() {
        return shape.length;
    }

    /** The shape for people: {@code (768, 1024)}. */
    public String shapeText() {
        return Shapes.text(shape);
    }

    /** Whether the other tensor has the same sizes along every axis. */
    public boolean sameShape(TensorInfo other) {
        return Arrays.equals(shape, other.shape);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that
                && name.equals(that.name)
                && dtype == that.dtype
                && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, dtype, Arrays.hashCode(shape));
    }

    @Override
    public String toString() {
        return name + " " + dtype + shapeText();
    }
}
