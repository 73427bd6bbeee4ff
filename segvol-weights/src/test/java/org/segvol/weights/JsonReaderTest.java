package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON parser is strict. */
class JsonReaderTest {
    @Test
    void valuesOfEveryKind() throws JsonReader.JsonException {
        assertThat(JsonReader.parse(" {\"a\" : [1, -2.5e1, true, false, null, \"\\u00e9\\n\\\"\"], \"b\":{}} "))
                .isEqualTo(Map.of("a", Arrays.asList(1L, -25.0, true, false, null, "é\n\""), "b", Map.of()));
        assertThat(JsonReader.parse("[]")).isEqualTo(List.of());
        assertThat(JsonReader.parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(JsonReader.parse("0")).isEqualTo(0L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{\"a\":1,\"a\":2}",
                "01",
                "1.",
                ".5",
                "+1",
                "1e",
                "NaN",
                "'a'",
                "tru",
                "\"a",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\n\"",
                "[1] 2",
                "{a:1}",
                "9223372036854775808",
                "[1 2]",
                "{\"a\" 1}"
            })
    void everythingElseIsRefused(String text) {
        assertThatThrownBy(() -> JsonReader.parse(text)).isInstanceOf(JsonReader.JsonException.class);
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThatThrownBy(() -> JsonReader.parse("[".repeat(100_000)))
                .isInstanceOf(JsonReader.JsonException.class)
                .hasMessageContaining("too deep");
        assertThatThrownBy(() -> JsonReader.parse("1".repeat(100_000))).isInstanceOf(JsonReader.JsonException.class);
    }
}
