package org.segvol.layers;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.layers.samediff.SameDiffEngine;

/** The reference engine against the golden stages; the plain control too, so that both are known to be right. */
class GoldenStagesTest {
    @TestFactory
    List<DynamicTest> samediff() {
        return GoldenStages.tests("samediff", weights -> new SameDiffEngine(weights, 0));
    }

    @TestFactory
    List<DynamicTest> plain() {
        return GoldenStages.tests("plain", PlainEngine::new);
    }
}
