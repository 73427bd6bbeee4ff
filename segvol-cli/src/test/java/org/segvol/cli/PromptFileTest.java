package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.Prompt;
import org.segvol.image.VoxelPoint;

/** Prompt files, and one sentence for each mistake in them. */
class PromptFileTest {
    @TempDir
    Path folder;

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("prompts.json"), json);
    }

    private void assertRefused(String json, String sentence) throws IOException {
        Path file = file(json);
        assertThatThrownBy(() -> PromptFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": " + sentence);
    }

    @Test
    void structuresInTheirOrder() throws IOException {
        Path file = file("[{\"name\": \"lesion\", \"text\": \"liver\", \"box\": [1,2,3,4,5,6]},"
                + " {\"points\": [[1,2,3]], \"negative_points\": [[4,5,6]]}]");
        assertThat(PromptFile.read(file))
                .containsExactly(
                        new PromptFile.Structure(
                                "lesion", Prompt.box(1, 2, 3, 4, 5, 6).andText("liver")),
                        new PromptFile.Structure(
                                "structure 2", Prompt.point(1, 2, 3).negativePoint(new VoxelPoint(4, 5, 6))));
    }

    @Test
    void promptsThatAskForNothing() throws IOException {
        assertRefused("[]", "the list is empty; name at least one structure");
        assertRefused("[{}]", "prompt 0: it is empty; give it a text, a box or points");
        for (String blank : List.of("", "  ", "\\t")) {
            assertRefused("[{\"text\": \"" + blank + "\"}]", "prompt 0: the text is blank; fill it in or leave it out");
            assertRefused(
                    "[{\"text\": \"liver\"}, {\"text\": \"liver\", \"name\": \"" + blank + "\"}]",
                    "prompt 1: the name is blank; fill it in or leave it out");
        }
        assertRefused(
                "[{\"negative_points\": [[1,1,1]]}]",
                "prompt 0: negative points alone say only what the structure is not; say what it is with a text, a box or points");
    }

    @Test
    void valuesOfAnotherType() throws IOException {
        String box = "prompt 0: box is a list of six indices";
        assertRefused("[{\"box\": \"x\"}]", box + ", found \"x\"");
        assertRefused("[{\"box\": null}]", box + ", found null");
        assertRefused("[{\"box\": {\"a\": 1}}]", box + ", found an object");
        assertRefused("[{\"box\": [1,2,3,4]}]", box + ", found a list of 4");
        for (String number : List.of("\"6\"", "5.5", "3000000000", "1e9999999999", "true", "null")) {
            assertRefused("[{\"box\": [1,2,3,4,5," + number + "]}]", box + ", whole numbers; found " + number);
        }
        assertRefused(
                "[{\"box\": [5,0,0,4,5,5]}]",
                "prompt 0: the box's first corner 5,0,0 must not exceed its second corner 4,5,5 on any axis; on axis 0 it does");
        assertRefused("[{\"text\": \"a\"}, {\"points\": 3}]", "prompt 1: points is a list of points, found 3");
        assertRefused("[{\"points\": [1,2,3]}]", "prompt 0: a point of points is a list of three indices, found 1");
        assertRefused(
                "[{\"negative_points\": [[1,2]]}]",
                "prompt 0: a point of negative_points is a list of three indices, found a list of 2");
        assertRefused("[{\"text\": [\"liver\"]}]", "prompt 0: text is a text, found a list of 1");
        assertRefused("[\"liver\"]", "prompt 0: expected an object such as {\"text\": \"liver\"}, found \"liver\"");
        assertRefused(
                "[{\"" + "k".repeat(99) + "\": 1}]",
                "prompt 0: unknown key " + "k".repeat(40) + "...; known are name, text, box, points, negative_points");
    }

    @Test
    void filesThatAreNoList() throws IOException {
        String expected =
                "expected a JSON list of prompts such as [{\"text\": \"liver\", \"box\": [0,0,0,9,9,9]}], found ";
        assertRefused("{\"text\": \"liver\"}", expected + "an object");
        assertRefused("", expected + "null");
        assertRefused("[{\"text\":\"liver\",]", expected + "no JSON at line 1 column 18");
        assertRefused("[{\"text\":\"liver\"", expected + "no JSON at line 1 column 17");
        Path file = folder.resolve("latin.json");
        Files.write(file, new byte[] {'[', (byte) 0xe9, ']'});
        assertThatThrownBy(() -> PromptFile.read(file)).hasMessage(file + ": expected a JSON list of prompts in UTF-8");
        assertThatThrownBy(() -> PromptFile.read(folder))
                .hasMessage(folder + ": this is a folder; name a JSON file with a list of prompts");
    }
}
