package org.segvol.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;

/**
 * {@code out = scale * a b}, or that added to what is there, with oneDNN's function for products of float32 matrices. It packs both factors
 * anew at each call and fuses nothing.
 *
 * <p>Each of the three may have further leading axes of size 1.
 *
 * @param a (rows, inner)
 * @param b (inner, columns)
 * @param out (rows, columns)
 * @param scale factor of the product
 * @param added whether to keep what is in {@code out} as a term
 */
record GemmOperation(View a, View b, View out, float scale, boolean added) implements Operation {
    /** A matrix as the function takes it. */
    private record Factor(byte order, long distance) {
        static Factor of(View view) {
            int rows = view.rank() - 2, columns = view.rank() - 1;
            for (int axis = 0; axis < rows; axis++) {
                if (view.dim(axis) != 1) {
                    throw new IllegalArgumentException("expected one matrix, found " + view);
                }
            }
            if (view.type() == ElementType.F32 && (view.stride(columns) == 1 || view.dim(columns) == 1)) {
                return new Factor((byte) 'N', Math.max(view.stride(rows), view.dim(columns)));
            }
            if (view.type() == ElementType.F32 && (view.stride(rows) == 1 || view.dim(rows) == 1)) {
                return new Factor((byte) 'T', Math.max(view.stride(columns), view.dim(rows)));
            }
            throw new IllegalArgumentException("expected float32 with rows or columns in one piece, found " + view);
        }
    }

    @Override
    public Step bind(Execution execution) {
        long rows = a.dim(a.rank() - 2), inner = a.dim(a.rank() - 1), columns = b.dim(b.rank() - 1);
        Factor left = Factor.of(a), right = Factor.of(b), result = Factor.of(out);
        if (result.order() != 'N') {
            throw new IllegalArgumentException("expected rows in one piece, found " + out);
        }
        FloatPointer x = new FloatPointer(execution.pointer(a)), y = new FloatPointer(execution.pointer(b));
        FloatPointer z = new FloatPointer(execution.pointer(out));
        return queue -> {
            int status = dnnl.dnnl_sgemm(
                    left.order(),
                    right.order(),
                    rows,
                    columns,
                    inner,
                    scale,
                    x,
                    left.distance(),
                    y,
                    right.distance(),
                    added ? 1 : 0,
                    z,
                    result.distance());
            if (status != dnnl.dnnl_success) {
                throw new IllegalStateException("oneDNN could not multiply " + a + " and " + b + ": status " + status);
            }
        };
    }
}
