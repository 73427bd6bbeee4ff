package org.segvol.layers.gpu;

/** Somebody who knows the GPUs of this machine. */
@FunctionalInterface
public interface GpuSource {
    /** Looks now. Does not fail: what went wrong is part of the facts. */
    GpuFacts look();
}
