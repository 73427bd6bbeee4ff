package org.segvol.testing;

import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/** Sizes for tests that need no golden manifest. */
public final class TestConfigs {
    /** A small window that differs along every axis, and the real vocabulary: cheap whole runs with many windows, and texts. */
    public static final ModelConfig MINI = new ModelConfig(
            "mini",
            new Extent(12, 32, 64),
            new Extent(4, 16, 16),
            48,
            80,
            2,
            6,
            2,
            8,
            56,
            4,
            24,
            3,
            16,
            49408,
            32,
            48,
            2,
            2,
            77);

    private TestConfigs() {}
}
