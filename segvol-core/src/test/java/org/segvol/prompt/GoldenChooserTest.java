package org.segvol.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;

/** Portable clicks against their vectors. */
class GoldenChooserTest {
    @TestFactory
    List<DynamicTest> chooser() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path group : GoldenFolders.announced("generator")) {
            Path file = group.resolve("chooser.json");
            if (Files.exists(file)) {
                tests.add(DynamicTest.dynamicTest("chooser.json", () -> check(Manifest.readJson(file))));
            }
        }
        return tests;
    }

    private static void check(JsonObject golden) {
        long seed = golden.get("seed").getAsLong();
        SplitMixChooser units = new SplitMixChooser(seed);
        for (JsonElement unit : golden.getAsJsonArray("unit")) {
            assertThat(units.unit()).isEqualTo(unit.getAsDouble());
        }
        SplitMixChooser chooser = new SplitMixChooser(seed);
        for (JsonElement element : golden.getAsJsonArray("calls")) {
            JsonObject call = element.getAsJsonObject();
            if (call.has("one")) {
                assertThat(chooser.one(call.get("one").getAsInt()))
                        .isEqualTo(call.get("gives").getAsInt());
            } else {
                JsonArray arguments = call.getAsJsonArray("some"), gives = call.getAsJsonArray("gives");
                int[] expected = new int[gives.size()];
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = gives.get(i).getAsInt();
                }
                assertThat(chooser.some(
                                arguments.get(0).getAsInt(), arguments.get(1).getAsInt()))
                        .containsExactly(expected);
            }
        }
    }
}
