package org.segvol.onednn;

/** A piece of work of a compiled network, shared by its executions. */
@FunctionalInterface
interface Operation {
    /** Binds the work to the memory of an execution. */
    Step bind(Execution execution);
}
