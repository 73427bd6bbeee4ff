package org.segvol.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.segvol.MemoryNeed;
import org.segvol.Options;
import org.segvol.image.Volume;
import org.segvol.weights.ModelConfig;

/** Fits a segmentation into Java's heap before the long work begins: fewer windows are kept where it is small. */
final class HeapFit {
    private final Volume volume;
    private final ModelConfig config;
    private final int structures;
    private final MemoryNeed.Result result;
    private final long heap;

    /**
     * What is to be done.
     *
     * @param heap the most that Java's heap may hold, in bytes
     */
    HeapFit(Volume volume, ModelConfig config, int structures, MemoryNeed.Result result, long heap) {
        this.volume = volume;
        this.config = config;
        this.structures = structures;
        this.result = result;
        this.heap = heap;
    }

    /** The options with as large a cache as fits; says so when even without one the heap may be too small. */
    Options fit(Options options, PrintWriter err) {
        Options fitting = options;
        while (need(fitting) > heap && fitting.cacheBytes() > 0) {
            long cache = fitting.cacheBytes();
            fitting = fitting.withCacheBytes(cache < 1 << 20 ? 0 : cache / 2);
        }
        if (need(fitting) > heap) {
            err.printf(
                    Locale.ROOT,
                    "NOTE this may need up to %d MB of Java's heap, which has %d MB; should it run out, give Java more with SEGVOL_JAVA_OPTS=-Xmx%dm%s%n",
                    need(fitting) >> 20,
                    heap >> 20,
                    (need(fitting) >> 20) + 1,
                    result == MemoryNeed.Result.LABEL_MAP ? ", or take --separate" : "");
            err.flush();
        }
        return fitting;
    }

    private long need(Options options) {
        return MemoryNeed.of(volume.size(), volume.voxels().type(), config, options, structures, result)
                .javaHeap();
    }
}
