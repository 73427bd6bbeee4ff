package org.segvol.onednn;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.BytePointer;

/**
 * Copies rows of a table, which is not copied itself.
 *
 * @param convert moves one row, not owned
 * @param table (V,C)
 * @param ids whole numbers, dense float32
 * @param out (number of ids, C)
 */
record EmbeddingOperation(reorder convert, View table, View ids, View out) implements Operation {
    @Override
    public Step bind(Execution execution) {
        FloatBuffer numbers = execution.floats(ids);
        memory row = execution.memory(table.slice(0, 0, 1));
        memory target = execution.memory(out.slice(0, 0, 1));
        BytePointer first = execution.pointer(table), result = execution.pointer(out);
        long rowBytes = table.dim(1) * table.type().bytes(),
                outBytes = out.dim(1) * out.type().bytes();
        return queue -> {
            for (int i = 0; i < numbers.capacity(); i++) {
                long id = (long) numbers.get(i);
                if (id < 0 || id >= table.dim(0)) {
                    throw new IllegalArgumentException(
                            "row numbers go from 0 to " + (table.dim(0) - 1) + ", found " + numbers.get(i));
                }
                row.set_data_handle(first.getPointer(id * rowBytes));
                target.set_data_handle(result.getPointer(i * outBytes));
                convert.execute(queue, row, target);
            }
        };
    }
}
