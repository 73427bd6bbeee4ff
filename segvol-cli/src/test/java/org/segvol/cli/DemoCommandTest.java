package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.io.Volumes;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;

/** {@code segvol demo} with a tiny model, which finds nothing sensible; what the bundled one finds is another test's matter. */
class DemoCommandTest {
    @TempDir
    Path folder;

    private static Path weights;

    @BeforeAll
    static void prepare() throws IOException {
        weights = SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2);
    }

    private static Run demo(Object... more) {
        List<Object> args = new ArrayList<>(List.of("demo"));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    @Test
    void tableAndFilesAreMade() throws IOException {
        Path own = folder.resolve("demo");
        Run run = demo("-w", weights, "--mode", "resize", "--seed", 10005, "-o", own, "-q");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("phantom 10005, weights ", own.resolve("demo.png").toString())
                .doesNotContain("toy")
                .contains("Go on with   segvol segment ")
                .containsPattern("\nliver +0\\.\\d{3} +0\\.\\d{3} +0\\.\\d{3} +0\\.\\d{3}\\R")
                .containsPattern("\nDice +word +box +one click +word \\+ box\\R");
        try (Stream<Path> files = Files.list(own)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("demo.png", "ct.nii.gz", "labels.nii.gz", "labels.json")
                    .contains("by-text.nii.gz", "by-box.nii.gz", "by-point.nii.gz", "by-text-box.nii.gz")
                    .doesNotContain("model.safetensors");
        }
        assertThat(Volumes.read(own.resolve("by-box.nii.gz")).affine())
                .isEqualTo(Volumes.read(own.resolve("ct.nii.gz")).affine());
        assertThat(ImageIO.read(own.resolve("demo.png").toFile()).getWidth()).isGreaterThan(1400);
    }

    @Test
    void withoutWeightsTheBundledModelIsUsedAndSaysWhatItIs() {
        Path own = folder.resolve("demo");
        Run run = demo("--seed", 20100, "--mode", "resize", "-o", own, "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("the bundled model is a toy");
        assertThat(own.resolve("model.safetensors")).isRegularFile();
        JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(json.get("seed").getAsLong()).isEqualTo(20100);
        assertThat(json.get("seen_in_training").getAsBoolean()).isFalse();
        for (JsonElement kind : json.getAsJsonArray("prompt_kinds")) {
            assertThat(kind.getAsJsonObject().get("mean_dice").getAsDouble())
                    .as("%s", kind)
                    .isGreaterThan(0.3); // a model that does not know its prompts stays below 0.1
        }
        Run again = demo("--seed", 20100, "--mode", "resize", "-o", own, "-q");
        assertThat(again.out().lines().filter(line -> line.contains("is a toy")))
                .hasSize(1);
        assertThat(again.out()).contains("phantom 20100, which the bundled toy model has never seen");
    }

    @Test
    void jsonListsEveryStructureByEveryKindOfPrompt() {
        Path own = folder.resolve("demo");
        Run run = demo("-w", weights, "--mode", "resize", "--seed", 20300, "-o", own, "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).doesNotContain("toy");
        JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(json.get("seed").getAsLong()).isEqualTo(20300);
        assertThat(json.get("seen_in_training").getAsBoolean()).isFalse();
        assertThat(json.get("seconds").getAsDouble()).isPositive();
        Map<String, Set<String>> kinds = new TreeMap<>();
        for (JsonElement element : json.getAsJsonArray("structures")) {
            JsonObject one = element.getAsJsonObject();
            assertThat(one.get("dice").getAsDouble()).isBetween(0.0, 1.0);
            kinds.computeIfAbsent(one.get("name").getAsString(), name -> new TreeSet<>())
                    .add(one.get("prompt_kind").getAsString());
        }
        assertThat(kinds)
                .hasSize(10)
                .containsKeys("liver", "left kidney", "liver tumor")
                .allSatisfy((name, own2) -> assertThat(own2).containsExactly("box", "point", "text", "text+box"));
        for (JsonElement file : json.getAsJsonArray("files")) {
            assertThat(Path.of(file.getAsString())).isRegularFile();
        }
        assertThat(json.getAsJsonArray("prompt_kinds")).hasSize(4);
    }

    @Test
    void theNextCommandCanBePasted() {
        Path model = Path.of("demo", "model.safetensors");
        assertThat(DemoReport.next("segvol", Path.of("demo", "ct.nii.gz"), model))
                .isEqualTo("segvol segment demo/ct.nii.gz -w demo/model.safetensors --text liver -o liver.nii.gz");
        assertThat(DemoReport.next("../my tools/segvol", Path.of("Ann's demo", "ct.nii.gz"), model))
                .isEqualTo("'../my tools/segvol' segment 'Ann'\\''s demo/ct.nii.gz' -w demo/model.safetensors"
                        + " --text liver -o liver.nii.gz");
    }

    @Test
    void onlyFilesOfAnEarlierDemoAreReplaced() throws IOException {
        for (String name : List.of("ct.nii.gz", "labels.json", "by-text.nii.gz", "by-box.json", "demo.png")) {
            Path own = Files.createDirectories(folder.resolve("my " + name)).resolve(name);
            Files.writeString(own, "a patient's");
            Run run = demo("-w", weights, "--mode", "resize", "-o", own.getParent());
            assertRefused(run, own + ": segvol demo would replace this file, which it did not write");
            try (Stream<Path> files = Files.list(own.getParent())) {
                assertThat(files).containsExactly(own);
            }
            assertThat(own).hasContent("a patient's");
        }
        Path model = Files.writeString(folder.resolve("model.safetensors"), "a model");
        assertRefused(demo("-o", folder), model + ": segvol demo would replace this file");
        assertThat(demo("-w", weights, "--mode", "resize", "-q", "-o", folder).err())
                .isEmpty();
        assertRefused(demo("-o", folder), model + ": segvol demo would replace this file");
        assertThat(model).hasContent("a model");
        Path ct = folder.resolve("ct.nii.gz");
        Files.delete(folder.resolve("demo.png")); // as after a run that was broken off
        byte[] first = Files.readAllBytes(ct);
        Run again = demo("-w", weights, "--mode", "resize", "-q", "--seed", 20005, "-o", folder);
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(Files.readAllBytes(ct)).isNotEqualTo(first);
    }

    @Test
    void wrongInputGetsOneSentence() throws IOException {
        assertRefused(demo("--seed", -1, "-o", folder.resolve("new")), "the seed is 0 or more, found --seed -1");
        assertRefused(demo("--mode", "big", "-o", folder.resolve("new")), "there is no mode big");
        assertThat(folder.resolve("new")).doesNotExist();
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused(demo("-o", file), "file: this is a file; name a folder");
        assertRefused(demo("-w", folder.resolve("none.safetensors"), "-o", folder.resolve("new")), "none.safetensors");
    }

    private static void assertRefused(Run run, String sentence) {
        assertThat(run.err()).contains(sentence).doesNotContain("Exception");
        assertThat(run.err().lines().filter(line -> line.startsWith("segvol: ")))
                .hasSize(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(1);
    }
}
