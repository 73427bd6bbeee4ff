package org.segvol.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.testing.FuzzCorpus;

/** Every kept input of the fuzz targets again. */
class FuzzCorpusTest {
    /** A target's entry. */
    @FunctionalInterface
    private interface Target {
        void run(byte[] data) throws Exception;
    }

    private static final Map<String, Target> TARGETS = Map.of(
            "pickle", PickleFuzz::fuzzerTestOneInput,
            "checkpoint", CheckpointFuzz::fuzzerTestOneInput,
            "safetensors", SafetensorsFuzz::fuzzerTestOneInput);

    @TestFactory
    List<DynamicTest> inputs() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Map.Entry<String, Target> target : TARGETS.entrySet()) {
            for (Path input : FuzzCorpus.inputs(target.getKey())) {
                tests.add(DynamicTest.dynamicTest(target.getKey() + " " + input.getFileName(), () -> target.getValue()
                        .run(Files.readAllBytes(input))));
            }
        }
        return tests;
    }
}
