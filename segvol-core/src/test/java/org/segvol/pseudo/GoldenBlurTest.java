package org.segvol.pseudo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestTensors;
import org.segvol.weights.Extent;

/** The blur alone: the same bits as the program that wrote the goldens, because ties between edges depend on them. */
class GoldenBlurTest {
    @TestFactory
    List<DynamicTest> blur() {
        List<DynamicTest> tests = new ArrayList<>();
        for (var group : GoldenFolders.announced("train")) {
            Manifest manifest = Manifest.read(group);
            for (String name : manifest.expectations("pseudo.safetensors").keySet()) {
                if (name.startsWith("smooth")) {
                    tests.add(DynamicTest.dynamicTest(name, () -> blur(manifest, name)));
                }
            }
        }
        return tests;
    }

    private static void blur(Manifest manifest, String name) throws IOException {
        try (TestTensors tensors = TestTensors.open(manifest.folder().resolve("pseudo.safetensors"))) {
            String image = name.replace("smooth", "image");
            long[] shape = tensors.shape(image);
            Extent size = new Extent((int) shape[0], (int) shape[1], (int) shape[2]);
            float[] out = new GaussianBlur(0.8).apply(tensors.floats(image), size);
            TensorAssert.assertSameBits(name, tensors.floats(name), out, shape);
        }
    }
}
