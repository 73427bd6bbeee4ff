package org.segvol.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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

/** The tokenizer against the published one's ids. */
class GoldenTokenizerTest {
    @TestFactory
    List<DynamicTest> tokenizer() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path group : GoldenFolders.announced("tokenizer")) {
            Path file = group.resolve("cases.json");
            if (!Files.exists(file)) {
                continue;
            }
            JsonObject golden = Manifest.readJson(file);
            int longest = golden.get("max").getAsInt();
            for (JsonElement element : golden.getAsJsonArray("cases")) {
                JsonObject one = element.getAsJsonObject();
                String text = one.get("text").getAsString();
                String name = text.length() > 40 ? text.substring(0, 40) + "..." : text;
                tests.add(DynamicTest.dynamicTest("'" + name + "'", () -> check(one, text, longest)));
            }
        }
        return tests;
    }

    private static void check(JsonObject one, String text, int longest) {
        ClipTokenizer tokenizer = ClipTokenizer.bundled();
        assertThat(tokenizer.encode(text)).containsExactly(ids(one.getAsJsonArray("raw_ids")));
        int[] expected = ids(one.getAsJsonArray("ids"));
        if (one.get("fits").getAsBoolean()) {
            assertThat(tokenizer.encodePrompt(text)).containsExactly(expected);
            assertThat(tokenizer.encodePromptTruncated(text)).containsExactly(expected);
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tokenizer.encodePrompt(text))
                    .withMessageContaining(longest + " tokens")
                    .withMessageContaining("this one has " + expected.length);
            int[] cut = tokenizer.encodePromptTruncated(text);
            assertThat(cut).hasSize(longest).startsWith(java.util.Arrays.copyOf(expected, longest - 1));
            assertThat(cut[longest - 1]).isEqualTo(expected[expected.length - 1]);
        }
    }

    private static int[] ids(JsonArray array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).getAsInt();
        }
        return ids;
    }
}
