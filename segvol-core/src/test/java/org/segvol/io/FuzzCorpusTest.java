package org.segvol.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.testing.FuzzCorpus;
import org.segvol.text.TokenizerFuzz;

/** Every kept input of the fuzz targets for volumes and texts again. */
class FuzzCorpusTest {
    @TestFactory
    List<DynamicTest> inputs() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path input : FuzzCorpus.inputs("nifti")) {
            tests.add(DynamicTest.dynamicTest(
                    "nifti " + input.getFileName(), () -> NiftiFuzz.fuzzerTestOneInput(Files.readAllBytes(input))));
        }
        for (Path input : FuzzCorpus.inputs("dicom")) {
            tests.add(DynamicTest.dynamicTest(
                    "dicom " + input.getFileName(), () -> DicomFuzz.fuzzerTestOneInput(Files.readAllBytes(input))));
        }
        for (Path input : FuzzCorpus.inputs("numpy")) {
            tests.add(DynamicTest.dynamicTest(
                    "numpy " + input.getFileName(), () -> NumpyFuzz.fuzzerTestOneInput(Files.readAllBytes(input))));
        }
        for (Path input : FuzzCorpus.inputs("tokenizer")) {
            tests.add(DynamicTest.dynamicTest(
                    "tokenizer " + input.getFileName(),
                    () -> TokenizerFuzz.fuzzerTestOneInput(Files.readAllBytes(input))));
        }
        return tests;
    }
}
