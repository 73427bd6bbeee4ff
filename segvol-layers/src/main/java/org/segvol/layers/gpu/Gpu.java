package org.segvol.layers.gpu;

import java.util.Objects;

/**
 * An NVIDIA GPU as its driver describes it.
 *
 * @param index place in the order of the PCI bus, from 0
 * @param uuid such as {@code GPU-8f2c...}; what {@code CUDA_VISIBLE_DEVICES} understands
 * @param name product name
 * @param capability null when the driver's tool is too old to tell
 * @param driver version, such as {@code 535.104.05}
 * @param memory whole memory in MiB, or -1 when the tool does not tell (GPUs that share the machine's memory)
 */
public record Gpu(int index, String uuid, String name, ComputeCapability capability, String driver, long memory) {
    /** Checks the index and that no text is missing. */
    public Gpu {
        if (index < 0) {
            throw new IllegalArgumentException("GPUs are counted from 0, found " + index);
        }
        Objects.requireNonNull(uuid, "uuid");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(driver, "driver");
    }

    /** One line for people: index, name, compute capability, driver and memory. */
    public String describe() {
        return index + ": " + name + ", compute capability " + (capability == null ? "unknown" : capability)
                + ", driver " + driver + ", " + (memory < 0 ? "memory unknown" : memory + " MiB");
    }
}
