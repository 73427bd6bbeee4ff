package org.segvol.layers.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What CUDA is shown of the GPUs: the environment variables {@code CUDA_VISIBLE_DEVICES} and {@code CUDA_DEVICE_ORDER}. */
final class VisibleDevices {
    static final String VARIABLE = "CUDA_VISIBLE_DEVICES";

    private VisibleDevices() {}

    /**
     * The GPUs that CUDA sees. Numbers count in CUDA's own order (the fastest first), which is not known here, unless
     * {@code CUDA_DEVICE_ORDER=PCI_BUS_ID}; then, and with parts of a GPU (MIG), every GPU counts as seen.
     */
    static List<Gpu> of(List<Gpu> gpus, Map<String, String> environment) {
        String wanted = environment.get(VARIABLE);
        if (wanted == null) {
            return gpus;
        }
        boolean busOrder = "PCI_BUS_ID".equals(environment.get("CUDA_DEVICE_ORDER"));
        List<Gpu> seen = new ArrayList<>();
        for (String entry : wanted.split(",", -1)) {
            String name = entry.strip();
            boolean number = name.matches("\\d{1,6}");
            if (name.startsWith("MIG-") || (number && !busOrder && Integer.parseInt(name) < gpus.size())) {
                return gpus;
            }
            Gpu match = gpus.stream()
                    .filter(g -> number
                            ? g.index() == Integer.parseInt(name)
                            : name.startsWith("GPU-") && g.uuid().startsWith(name))
                    .findFirst()
                    .orElse(null);
            if (match == null) {
                break; // CUDA ignores what follows an entry that it does not know
            }
            seen.add(match);
        }
        return List.copyOf(seen);
    }
}
