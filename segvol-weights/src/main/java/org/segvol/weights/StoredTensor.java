package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * A tensor's place in a file: element type, shape, strides in elements, and the position of its first element. The constructor
 * checks that every element lies inside of its storage, so reading cannot leave it, and that no two lie in the same place, so a small file
 * cannot ask for huge arrays.
 */
final class StoredTensor {
    /** More axes than any tensor of the model has, by far. */
    static final int MAX_RANK = 16;

    private final MappedFile file;
    private final TensorInfo info;
    private final long[] shape;
    private final long[] strides;
    private final long position;
    private final long span;

    /**
     * A view into a storage.
     *
     * @param storage position of the storage in the file, in bytes
     * @param storageElements elements of {@code dtype} in the storage
     * @param offset first element of the view in the storage
     * @throws CheckpointException when an element would lie outside of the storage or the storage outside of the file
     */
    StoredTensor(
            MappedFile file,
            String name,
            DType dtype,
            long[] shape,
            long[] strides,
            long storage,
            long storageElements,
            long offset)
            throws CheckpointException {
        this.file = file;
        this.shape = shape.clone();
        this.strides = strides.clone();
        String what = "tensor " + name + " " + Shapes.text(shape);
        if (shape.length != strides.length || shape.length > MAX_RANK) {
            throw new CheckpointException(
                    file.path(),
                    what + ": expected one stride per axis and at most " + MAX_RANK + " axes, found strides "
                            + Shapes.text(strides));
        }
        try {
            long count = Shapes.count(shape);
            if (count > file.size()) {
                throw new CheckpointException(
                        file.path(), what + " has more elements than the file's " + file.size() + " bytes");
            }
            this.span = span(count);
            if (Shapes.overlaps(shape, strides)) {
                throw new CheckpointException(
                        file.path(),
                        what + " with strides " + Shapes.text(strides)
                                + " uses elements twice; save contiguous tensors instead of expanded views");
            }
            long bytes = Math.multiplyExact(storageElements, (long) dtype.bytes());
            if (offset < 0
                    || span > storageElements
                    || offset > storageElements - span
                    || storage < 0
                    || bytes > file.size() - storage) {
                throw new CheckpointException(
                        file.path(),
                        what + " with strides " + Shapes.text(strides) + " from element " + offset
                                + " lies outside of its storage of " + storageElements + " elements");
            }
            this.position = storage + offset * dtype.bytes();
        } catch (ArithmeticException e) {
            throw new CheckpointException(file.path(), what + " has impossible sizes or strides", e);
        }
        this.info = new TensorInfo(name, dtype, shape);
    }

    /** A C-ordered tensor at a position of the file. */
    static StoredTensor contiguous(MappedFile file, String name, DType dtype, long[] shape, long position)
            throws CheckpointException {
        long count;
        try {
            count = Shapes.count(shape);
        } catch (ArithmeticException e) {
            throw new CheckpointException(
                    file.path(), "tensor " + name + " " + Shapes.text(shape) + " has impossible sizes", e);
        }
        return new StoredTensor(file, name, dtype, shape, Shapes.contiguousStrides(shape), position, count, 0);
    }

    private StoredTensor(StoredTensor other, String name) {
        this.file = other.file;
        this.info = new TensorInfo(name, other.info.dtype(), other.shape);
        this.shape = other.shape;
        this.strides = other.strides;
        this.position = other.position;
        this.span = other.span;
    }

    /** The same tensor under another name. */
    StoredTensor named(String name) {
        return new StoredTensor(this, name);
    }

    /** Bytes of all its elements. */
    long byteCount() {
        return info.elementCount() * info.dtype().bytes();
    }

    TensorInfo info() {
        return info;
    }

    /** Elements from the first to the last one of the view, both included. */
    private long span(long count) {
        if (count == 0) {
            return 0;
        }
        long last = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            if (strides[axis] < 0) {
                throw new ArithmeticException("negative stride");
            }
            last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
        }
        return Math.addExact(last, 1L);
    }

    /** The raw little-endian bytes in C order, read-only; empty when the view has gaps or another order. */
    Optional<ByteBuffer> bytes() throws IOException {
        if (!Shapes.isContiguous(shape, strides)) {
            return Optional.empty();
        }
        return Optional.of(file.slice(position, span * info.dtype().bytes()));
    }

    /** Widens all elements to float32, in C order, into the target. */
    void read(FloatBuffer target) throws IOException {
        if (!info.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    info.name() + ": expected a floating-point tensor, found " + info.dtype());
        }
        if (target.remaining() < info.elementCount()) {
            throw new IllegalArgumentException(info.name() + ": expected room for " + info.elementCount()
                    + " elements, found " + target.remaining());
        }
        if (info.elementCount() == 0) {
            return;
        }
        ElementReader elements = new ElementReader(
                info.dtype(), file.slice(position, span * info.dtype().bytes()));
        if (Shapes.isContiguous(shape, strides)) {
            elements.copyRun(0, (int) span, target);
        } else {
            readStrided(elements, target);
        }
    }

    /** Walks all axes but the last like an odometer, and copies the last axis in one go. */
    private void readStrided(ElementReader elements, FloatBuffer target) {
        int last = shape.length - 1;
        long[] index = new long[shape.length];
        long start = 0;
        while (true) {
            elements.copyRow((int) start, (int) strides[last], (int) shape[last], target);
            int axis = last - 1;
            while (axis >= 0 && index[axis] == shape[axis] - 1) {
                start -= index[axis] * strides[axis];
                index[axis] = 0;
                axis--;
            }
            if (axis < 0) {
                return;
            }
            index[axis]++;
            start += strides[axis];
        }
    }
}
