package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No result of {@code segvol segment} replaces an input or another result; said before the weights are opened, which are none here. */
class SegmentFilesTest {
    private static final String TWO_PROMPTS = "[{\"text\": \"liver\"}, {\"text\": \"spleen\"}]";

    @TempDir
    Path folder;

    private Path weights;

    @BeforeEach
    void writeWeights() throws IOException {
        weights = write("weights.safetensors", "these are no weights");
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Map<Path, String> contents() throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                contents.put(file, Files.isDirectory(file) ? "folder" : Files.readString(file));
            }
        }
        return contents;
    }

    /** Runs {@code segment} on a CT in the folder; options that name a file of the folder start with {@code @}. */
    private void assertRefused(String sentence, String ct, String... options) throws IOException {
        if (Files.notExists(folder.resolve(ct))) {
            write(ct, "the user's CT");
        }
        Stream<Object> all = Stream.concat(
                Stream.of("segment", folder.resolve(ct), "-w", weights),
                Arrays.stream(options).map(o -> o.startsWith("@") ? folder.resolve(o.substring(1)) : o));
        Map<Path, String> before = contents();
        Run run = Run.of(all.toArray());
        assertThat(run.err()).startsWith("segvol: " + folder).contains(sentence);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void derivedNamesThatAreTheCt() throws IOException {
        assertRefused(
                "x.probability.nii.gz: the output is also an input",
                "x.probability.nii.gz",
                "--text",
                "liver",
                "--probabilities",
                "-o",
                "@x.nii.gz");
        assertRefused(
                "y.liver.nii.gz: the output is also an input",
                "y.liver.nii.gz",
                "--text",
                "liver",
                "--text",
                "spleen",
                "--separate",
                "-o",
                "@y.nii.gz");
        assertRefused(
                "y.spleen.probability.nii.gz: the output is also an input",
                "y.spleen.probability.nii.gz",
                "--text",
                "liver",
                "--text",
                "spleen",
                "--probabilities",
                "-o",
                "@y.nii.gz");
    }

    @Test
    void derivedNamesThatAreLinksToTheCt() throws IOException {
        Path ct = write("ct.nii.gz", "the user's CT");
        Files.createLink(folder.resolve("hard.probability.nii.gz"), ct);
        Files.createSymbolicLink(folder.resolve("soft.probability.nii.gz"), ct);
        for (String link : List.of("hard", "soft")) {
            assertRefused(
                    link + ".probability.nii.gz: the output is also an input",
                    "ct.nii.gz",
                    "--text",
                    "liver",
                    "--probabilities",
                    "-o",
                    "@" + link + ".nii.gz");
        }
    }

    @Test
    void namesFileThatIsThePromptFile() throws IOException {
        write("z.json", TWO_PROMPTS);
        assertRefused("z.json: the output is also an input", "ct.nii.gz", "--prompts", "@z.json", "-o", "@z.nii.gz");
    }

    @Test
    void derivedNamesThatAreFolders() throws IOException {
        Files.createDirectory(folder.resolve("out.json"));
        assertRefused(
                "out.json: this is a folder", "ct.nii.gz", "--text", "liver", "--text", "spleen", "-o", "@out.nii.gz");
    }

    @Test
    void previews() throws IOException {
        for (String preview : List.of("p.nii.gz", "p.json")) {
            assertRefused(
                    preview + ": the preview is a PNG file",
                    "ct.nii.gz",
                    "--text",
                    "liver",
                    "--text",
                    "spleen",
                    "-o",
                    "@p.nii.gz",
                    "--preview",
                    "@" + preview);
        }
        assertRefused(
                "ct.png: the output is also an input",
                "ct.png",
                "--text",
                "liver",
                "-o",
                "@p.nii.gz",
                "--preview",
                "@ct.png");
    }

    @Test
    void resultsOfOneName() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        Path once = folder.resolve("a.nii.gz");
        OutputFiles.requireDistinct(List.of(once, folder.resolve("b.nii.gz")));
        for (Path again :
                List.of(once, link.resolve("a.nii.gz"), folder.resolve("A.nii.gz"), folder.resolve("./a.nii.gz"))) {
            assertThat(catchThrowable(() -> OutputFiles.requireDistinct(List.of(once, again))))
                    .hasMessage(again + ": two results would have this name; choose another one for either");
        }
    }

    @Test
    void mistakesOfThePromptFileAreSaidBeforeTheWeightsAreOpened() throws IOException {
        write("prompts.json", "[{\"text\": \"liver\"}, {\"box\": [0, 0, 0, 5, 5, 5], \"points\": [[1, 1, 1]]}]");
        assertRefused(
                "prompts.json: prompt 1: box and points together are only defined for the segfm variant",
                "ct.nii.gz",
                "--prompts",
                "@prompts.json",
                "-o",
                "@out.nii.gz");
        write("prompts.json", "[{\"text\": \"" + "liver ".repeat(80) + "\"}]");
        assertRefused(
                "prompts.json: prompt 0: a text prompt may have 77 tokens",
                "ct.nii.gz",
                "--prompts",
                "@prompts.json",
                "-o",
                "@out.nii.gz");
    }
}
