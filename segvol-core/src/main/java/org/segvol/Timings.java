package org.segvol;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** Where the time of a call went: seconds by stage. Filled while the call runs, read afterwards. */
public final class Timings {
    /** Stages of a segmentation. */
    public enum Stage {
        /** Reading weights and volume. */
        LOAD,
        /** Statistics, crop and the zoom-out view. */
        PREPROCESS,
        /** The image encoder. */
        ENCODE,
        /** The text encoder. */
        TEXT,
        /** The mask decoder. */
        DECODE,
        /** Enlarging, averaging, thresholding, mapping back. */
        POSTPROCESS,
        /** Writing results. */
        WRITE
    }

    private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);

    /** Adds the time that the work takes to a stage. */
    public <T> T measure(Stage stage, Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            add(stage, System.nanoTime() - start);
        }
    }

    /** Adds nanoseconds to a stage. */
    public void add(Stage stage, long duration) {
        nanos.merge(stage, duration, Long::sum);
    }

    /** Adds all of another call's times. */
    public void add(Timings other) {
        other.nanos.forEach(this::add);
    }

    /** Seconds of a stage; 0 when it was not reached. */
    public double seconds(Stage stage) {
        return nanos.getOrDefault(stage, 0L) / 1e9;
    }

    /** Seconds of all stages together. */
    public double total() {
        return nanos.values().stream().mapToLong(Long::longValue).sum() / 1e9;
    }

    /** All stages that were reached, in nanoseconds. */
    public Map<Stage, Long> nanoseconds() {
        return Collections.unmodifiableMap(nanos);
    }
}
