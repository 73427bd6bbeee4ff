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
     * An argument of a primitive: a view, a place with a layout of oneDNN's own, or memory that all executions share.
     *
     * @param index oneDNN's number of the argument
     * @param view null for shared memory
     * @param layout of oneDNN's own, not owned; null when the view says how its elements lie
     * @param shared null for a view
     */
    record Argument(int index, View view, memory.desc layout, memory shared) {
        static Argument of(int index, View view) {
            return new Argument(index, view, null, null);
        }

        static Argument of(int index, View place, memory.desc layout) {
            return new Argument(index, place, layout, null);
        }

        static Argument of(int index, memory shared) {
            return new Argument(index, null, null, shared);
        }

        private memory in(Execution execution) {
            if (view == null) {
                return shared;
            }
            return layout == null ? execution.memory(view) : execution.memory(view, layout);
        }
    }

    @Override
    public Step bind(Execution execution) {
        IntMemoryMap map = execution.arguments();
        for (Argument argument : arguments) {
            map.put(argument.index(), argument.in(execution));
        }
        return queue -> work.execute(queue, map);
    }
}
