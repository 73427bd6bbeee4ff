package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a prompt may hold. */
class PromptTest {
    @Test
    void blankTextsAreRefused() {
        for (String blank : List.of("", "  ", "\t\n")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Prompt.point(1, 2, 3).andText(blank))
                    .withMessage(
                            "the text of a prompt is blank; name a structure, such as liver, or leave the text out");
        }
    }

    @Test
    void noTextIsNoBlankText() {
        assertThat(Prompt.text("liver").andText(null)).isEqualTo(Prompt.NONE);
    }
}
