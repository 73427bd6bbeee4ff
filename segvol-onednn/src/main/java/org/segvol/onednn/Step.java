package org.segvol.onednn;

import org.bytedeco.dnnl.stream;

/** A piece of work bound to the memory of one execution. */
@FunctionalInterface
interface Step {
    void run(stream queue);
}
