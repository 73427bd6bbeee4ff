package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assertRefused("[]", "the list is empty");
        assertRefused("[{}]", "prompt 0 is empty: give it a text, a box or points");
        for (String blank : new String[] {"", "  ", "\\t"}) {
            assertRefused("[{\"text\": \"" + blank + "\"}]", "prompt 0: the text is blank; fill it in or leave it out");
            assertRefused(
                    "[{\"text\": \"liver\"}, {\"text\": \"liver\", \"name\": \"" + blank + "\"}]",
                    "prompt 1: the name is blank; fill it in or leave it out");
        }
        assertRefused(
                "[{\"negative_points\": [[1,1,1]]}]",
                "prompt 0 has negative points alone, which say only what the structure is not: give it a text, a box or points");
    }
}
