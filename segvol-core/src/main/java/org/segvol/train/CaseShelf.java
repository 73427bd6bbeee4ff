package org.segvol.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segvol.weights.ModelConfig;

/** Cases that were read, the most recently used ones up to 2 GiB of volumes; others are read again when their turn comes. */
final class CaseShelf {
    private static final long KEPT_VOLUMES = 2L << 30;

    private final ModelConfig config;
    private final Path regions;
    private final Map<TrainingSource, TrainingCase> loaded = new LinkedHashMap<>(16, 0.75f, true);

    /** @param regions folder of pseudo masks, or null */
    CaseShelf(ModelConfig config, Path regions) {
        this.config = config;
        this.regions = regions;
    }

    TrainingCase open(TrainingSource source) throws IOException {
        TrainingCase known = loaded.get(source);
        if (known == null) {
            known = TrainingCase.load(source, regions, config);
            loaded.put(source, known);
            long bytes = 0;
            for (TrainingCase one : loaded.values()) {
                bytes += one.bytes();
            }
            while (bytes > KEPT_VOLUMES && loaded.size() > 1) {
                TrainingSource eldest = loaded.keySet().iterator().next();
                bytes -= loaded.remove(eldest).bytes();
            }
        }
        return known;
    }
}
