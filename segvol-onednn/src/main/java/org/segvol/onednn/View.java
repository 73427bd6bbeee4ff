package org.segvol.onednn;

import java.util.Arrays;
import org.bytedeco.dnnl.memory;
import org.segvol.layers.BlockOrder;
import org.segvol.layers.Tensor;
import org.segvol.weights.Extent;

/** A tensor in native memory: a storage, the first element's offset in it, and sizes and strides in elements. */
final class View {
    private final Storage storage;
    private final ElementType type;
    private final long offset;
    private final long[] shape;
    private final long[] strides;

    View(Storage storage, ElementType type, long offset, long[] shape, long[] strides) {
        this.storage = storage;
        this.type = type;
        this.offset = offset;
        this.shape = shape;
        this.strides = strides;
    }

    /** The whole storage in C order. */
    static View of(Storage storage, ElementType type, long... shape) {
        return new View(storage, type, 0, shape, denseStrides(shape));
    }

    /** A tensor's sizes. */
    static long[] shapeOf(Tensor tensor) {
        return Arrays.stream(tensor.shape()).asLongStream().toArray();
    }

    static long[] denseStrides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    Storage storage() {
        return storage;
    }

    ElementType type() {
        return type;
    }

    long offsetBytes() {
        return offset * type.bytes();
    }

    int rank() {
        return shape.length;
    }

    long dim(int axis) {
        return shape[axis];
    }

    long stride(int axis) {
        return strides[axis];
    }

    long[] shape() {
        return shape.clone();
    }

    long[] strides() {
        return strides.clone();
    }

    long count() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    boolean dense() {
        long expected = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] > 1 && strides[axis] != expected) {
                return false;
            }
            expected *= shape[axis];
        }
        return true;
    }

    /** A description for oneDNN. */
    memory.desc describe() {
        return new memory.desc(shape.clone(), type.dnnl(), strides.clone());
    }

    /** The same elements with other sizes; only for dense views. */
    View reshape(long... sizes) {
        return new View(storage, type, offset, sizes, denseStrides(sizes));
    }

    /** Entries {@code from} to {@code to} (exclusive) of one axis. */
    View slice(int axis, long from, long to) {
        long[] sizes = shape.clone();
        sizes[axis] = to - from;
        return new View(storage, type, offset + from * strides[axis], sizes, strides);
    }

    /** One entry of the first axis, without that axis; where it has but one, that is every entry. */
    View entry(long i) {
        int rank = shape.length;
        return new View(
                storage,
                type,
                offset + (shape[0] == 1 ? 0 : i * strides[0]),
                Arrays.copyOfRange(shape, 1, rank),
                Arrays.copyOfRange(strides, 1, rank));
    }

    /** The same elements with the last two axes exchanged. */
    View exchangeLast() {
        long[] sizes = shape.clone(), steps = strides.clone();
        int last = shape.length - 1;
        sizes[last] = shape[last - 1];
        sizes[last - 1] = shape[last];
        steps[last] = strides[last - 1];
        steps[last - 1] = strides[last];
        return new View(storage, type, offset, sizes, steps);
    }

    /** Whether the rows along the last axis lie at equal distances, so that {@link #rows} can name them. */
    boolean hasRows() {
        long stride = 0;
        long count = 1;
        for (int axis = shape.length - 2; axis >= 0; axis--) {
            if (shape[axis] > 1) {
                if (stride != 0 && strides[axis] != stride * count) {
                    return false;
                }
                if (stride == 0) {
                    stride = strides[axis];
                }
                count *= shape[axis];
            }
        }
        return strides[shape.length - 1] == 1 || shape[shape.length - 1] == 1;
    }

    /** As a matrix: all axes but the last together. */
    View rows() {
        long width = shape[shape.length - 1];
        long count = 1;
        long stride = 0;
        for (int axis = shape.length - 2; axis >= 0; axis--) {
            if (shape[axis] > 1 && stride == 0) {
                stride = strides[axis];
            }
            count *= shape[axis];
        }
        return new View(storage, type, offset, new long[] {count, width}, new long[] {stride == 0 ? width : stride, 1});
    }

    /** The last two axes of (B,N,C) seen as heads: the first entry as (heads, N, C/heads). */
    View heads(long heads) {
        long rows = shape[1], width = shape[2] / heads, stride = shape[1] > 1 ? strides[1] : shape[2];
        return new View(storage, type, offset, new long[] {heads, rows, width}, new long[] {width, stride, 1});
    }

    /** (B,N,C) as (B, heads, N, C/heads). */
    View batchedHeads(long heads) {
        long width = shape[2] / heads;
        return new View(storage, type, offset, new long[] {shape[0], heads, shape[1], width}, new long[] {
            strides[0], width * strides[2], strides[1], strides[2]
        });
    }

    /**
     * A dense (C,d,h,w) in raster order as block order sees it: (cells d,h,w, then 2,2,2 for every level, C).
     *
     * @param order whose fine extent is (d,h,w)
     */
    View blocks(BlockOrder order) {
        int levels = order.levels(), axes = 3 * (levels + 1);
        long[] sizes = new long[axes + 1], steps = new long[axes + 1];
        Extent fine = order.fine();
        long[] raster = {(long) fine.h() * fine.w(), fine.w(), 1};
        for (int axis = 0; axis < 3; axis++) {
            for (int level = 0; level <= levels; level++) {
                sizes[3 * level + axis] = level == 0 ? order.grid().side(axis) : 2;
                steps[3 * level + axis] = raster[axis] << (levels - level);
            }
        }
        sizes[axes] = shape[0];
        steps[axes] = fine.count();
        return new View(storage, type, offset, sizes, steps);
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape) + (dense() ? "" : " strides " + Arrays.toString(strides));
    }
}
