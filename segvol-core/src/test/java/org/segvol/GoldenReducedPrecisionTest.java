package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.io.Volumes;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.EngineOptions.Precision;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;
import org.segvol.testing.SyntheticWeights;

/** The cases of the end-to-end groups in bfloat16: their masks against those of float32. */
class GoldenReducedPrecisionTest {
    private static final double DICE = 0.995;
    private static final ModelOptions ROUNDED =
            ModelOptions.DEFAULT.withEngine("onednn").withEngineOptions(new EngineOptions(Precision.BF16, 0));

    @TestFactory
    List<DynamicTest> masks() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path group : GoldenFolders.announced("e2e")) {
            Manifest manifest = Manifest.read(group);
            Path weights = SyntheticWeights.fullSizeFile(manifest.config(), manifest.seed());
            try {
                SegVol.load(weights, ROUNDED).close();
            } catch (IllegalArgumentException e) {
                System.out.println("golden group " + group.getFileName() + " in bf16 not run: " + e.getMessage());
                continue;
            }
            for (JsonElement element : manifest.cases().getAsJsonArray()) {
                JsonObject one = element.getAsJsonObject();
                String key = group.getFileName() + " " + one.get("key").getAsString();
                Optional<Path> file = GoldenFolders.data(one.get("file").getAsString());
                if (file.isEmpty()) {
                    System.out.println("golden group " + key + " in bf16 not run, "
                            + one.get("file").getAsString() + " is not there");
                } else {
                    tests.add(DynamicTest.dynamicTest(key, () -> check(key, weights, one, file.get())));
                }
            }
        }
        return tests;
    }

    private static void check(String key, Path weights, JsonObject one, Path file) throws IOException {
        Volume volume = Volumes.read(file);
        LabelPrompt prompt = GoldenEndToEndTest.prompt(one, file, volume);
        Options options = GoldenEndToEndTest.options(one);
        Mask exact = segment(weights, ModelOptions.DEFAULT.withEngine("onednn"), volume, options, prompt);
        Mask rounded = segment(weights, ROUNDED, volume, options, prompt);
        double dice = dice(exact, rounded);
        System.out.printf("bf16 %s: Dice %.4f against float32, %d voxels%n", key, dice, exact.count());
        assertThat(dice).as("Dice of bf16 against float32").isGreaterThanOrEqualTo(DICE);
    }

    private static Mask segment(Path weights, ModelOptions how, Volume volume, Options options, LabelPrompt prompt)
            throws IOException {
        try (SegVol model = SegVol.load(weights, how);
                Session session = model.open(volume, options)) {
            return session.segment(prompt).mask();
        }
    }

    private static double dice(Mask a, Mask b) {
        long all = a.count() + b.count();
        return all == 0 ? 1 : 2.0 * Mask.countCommon(a, b) / all;
    }
}
