package org.segvol.onednn;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.GoldenStages;

/** The oneDNN engine in float32 against the golden stages. */
class GoldenOneDnnStagesTest {
    @TestFactory
    List<DynamicTest> onednn() {
        return GoldenStages.tests("onednn", weights -> new OneDnnEngine(weights, EngineOptions.DEFAULT));
    }
}
