package org.segvol.layers.gpu;

import java.util.List;

/** What could be found out about this machine's NVIDIA GPUs. */
public sealed interface GpuFacts {
    /**
     * There are GPUs.
     *
     * @param gpus at least one, in the order of the PCI bus
     */
    record Found(List<Gpu> gpus) implements GpuFacts {
        /** Checks that there is one. */
        public Found {
            gpus = List.copyOf(gpus);
            if (gpus.isEmpty()) {
                throw new IllegalArgumentException("a list of found GPUs must not be empty");
            }
        }
    }

    /**
     * There is none that could be used.
     *
     * @param why how that is known, a part of a sentence
     */
    record None(String why) implements GpuFacts {}

    /**
     * Nobody could be asked, or the answer makes no sense.
     *
     * @param why what went wrong, a part of a sentence
     */
    record Unknown(String why) implements GpuFacts {}
}
