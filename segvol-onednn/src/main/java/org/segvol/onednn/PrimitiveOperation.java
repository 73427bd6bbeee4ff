package org.segvol.onednn;

import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;

/**
 * One oneDNN primitive with its arguments.
 *
 * @param work not owned
 * @param arguments in any order
 */
record PrimitiveOperation(primitive work, List<Argument> arguments) implements Operation {
    /**
     * An argument of a primitive: a view, or memory that all executions share.
     *
     * @param index oneDNN's number of the argument
     * @param view null for shared memory
     * @param shared null for a view
     */
    record Argument(int index, View view, memory shared) {
        static Argument of(int index, View view) {
            return new Argument(index, view, null);
        }

        static Argument of(int index, memory shared) {
            return new Argument(index, null, shared);
        }
    }

    @Override
    public Step bind(Execution execution) {
        IntMemoryMap map = execution.arguments();
        for (Argument argument : arguments) {
            map.put(argument.index(), argument.view() == null ? argument.shared() : execution.memory(argument.view()));
        }
        return queue -> work.execute(queue, map);
    }
}
