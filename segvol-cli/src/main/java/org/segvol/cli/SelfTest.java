package org.segvol.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.segvol.Engines;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.PromptTokens;
import org.segvol.layers.SegVolNetwork;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.SafetensorsFile;

/**
 * Runs a tiny bundled model and compares its masks with numbers from PyTorch. The model has synthetic weights; image, prompts and masks were
 * written by the program that also made the golden numbers of the tests.
 */
final class SelfTest {
    /** Logits go up to 15; a float32 engine is off by a few units in the last place. */
    private static final double TOLERANCE = 5e-4;

    private SelfTest() {}

    /** How the test went. */
    record Outcome(boolean passed, String sentence) {}

    static Outcome run(String name) throws IOException {
        Path folder = Files.createTempDirectory("segvol-doctor");
        Path model = folder.resolve("model.safetensors"), golden = folder.resolve("golden.safetensors");
        try {
            copy("selftest-model.safetensors", model);
            copy("selftest-golden.safetensors", golden);
            return compare(name, model, golden);
        } finally {
            Files.deleteIfExists(model);
            Files.deleteIfExists(golden);
            Files.deleteIfExists(folder);
        }
    }

    private static void copy(String resource, Path file) throws IOException {
        try (InputStream in = SelfTest.class.getResourceAsStream(resource)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Outcome compare(String name, Path model, Path goldenFile) throws IOException {
        try (Checkpoint weights = Checkpoint.open(model);
                SafetensorsFile golden = SafetensorsFile.open(goldenFile);
                Engine engine = Engines.create(name, weights, EngineOptions.DEFAULT);
                SegVolNetwork network = new SegVolNetwork(weights.config(), engine)) {
            float[] ids = golden.read("ids");
            int[] tokens = new int[ids.length];
            for (int i = 0; i < ids.length; i++) {
                tokens[i] = (int) ids[i];
            }
            float[] text = network.encodeText(tokens);
            PromptTokens prompt = PromptTokens.of(
                    weights.config().window(), golden.read("points"), golden.read("labels"), golden.read("box"), text);
            float[] masks = network.decode(network.remember(network.encodeImage(golden.read("image"))), prompt);
            float[] expected = golden.read("masks");
            double worst = 0;
            for (int i = 0; i < expected.length; i++) {
                double difference = Math.abs(masks[i] - expected[i]);
                worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
            }
            boolean passed = worst <= TOLERANCE;
            return new Outcome(
                    passed,
                    String.format(
                            Locale.ROOT,
                            "%s; self-test %s (largest difference from PyTorch %.1e, %.1e is allowed)",
                            engine.description(),
                            passed ? "passed" : "FAILED",
                            worst,
                            TOLERANCE));
        }
    }
}
